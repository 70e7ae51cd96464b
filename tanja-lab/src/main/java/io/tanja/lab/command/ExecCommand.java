package io.tanja.lab.command;

import io.tanja.lab.sandbox.Preflight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tanja lab exec}. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Runs a command in a pod, as its application; the exit status is the command's.",
        footer = {
            "",
            "Example:",
            "  tanja lab exec -n shop deploy/client -- wget -qO- http://webserver",
            "  tanja lab exec -n shop -ti deploy/client -- sh"
        })
final class ExecCommand extends LabAction {
    @Option(
            names = {"-i", "--stdin"},
            description = "Hand standard input to the command.")
    private boolean stdin;

    @Option(
            names = {"-t", "--tty"},
            description = "Accepted for kubectl's sake: the command has this terminal anyway.")
    private boolean tty;

    @Parameters(index = "0", paramLabel = "POD|deploy/NAME", description = "The pod.")
    private String target = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command = new ArrayList<>();

    @Override
    int act() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(lab().enter(namespace(), target, command)).inheritIO();
        builder.environment().put("PATH", Preflight.PATH);
        if (!stdin && !tty) {
            builder.redirectInput(Path.of("/dev/null").toFile());
        }
        return builder.start().waitFor();
    }
}
