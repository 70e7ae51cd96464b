package io.tanja.lab.command;

import io.tanja.lab.Lab;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code tanja lab kill}. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description = "Kills the control plane or a pod's sidecar with SIGKILL, to see what happens then.",
        footer = {"", "Example:", "  tanja lab kill control-plane", "  tanja lab kill -n shop proxy deploy/webserver"})
final class KillCommand extends LabAction {
    @Parameters(index = "0", paramLabel = "control-plane|proxy", description = "What to kill.")
    private String what = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "POD|deploy/NAME",
            defaultValue = "",
            description = "The sidecar's pod.")
    private String target = "";

    @Override
    int act() throws IOException {
        Lab lab = lab();
        if (what.equals("control-plane")) {
            lab.killControlPlane();
        } else if (what.equals("proxy") && !target.isEmpty()) {
            lab.killProxy(namespace(), target);
        } else {
            throw new ParameterException(spec().commandLine(), "give control-plane, or proxy and a pod");
        }
        out().println(what + " killed");
        return 0;
    }
}
