package io.tanja.lab.command;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code tanja lab restart}. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Ends the control plane if it runs, and starts it again.",
        footer = {"", "Example:", "  tanja lab restart control-plane"})
final class RestartCommand extends LabAction {
    @Parameters(paramLabel = "control-plane", description = "What to restart.")
    private String what = "";

    @Override
    int act() throws IOException {
        if (!what.equals("control-plane")) {
            throw new ParameterException(spec().commandLine(), "only control-plane can be restarted");
        }
        lab().restartControlPlane();
        out().println("control-plane restarted");
        return 0;
    }
}
