package io.tanja.lab.command;

import io.tanja.lab.Lab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tanja lab logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Prints a container's log, the control plane's or the lab's own.",
        footer = {
            "",
            "Example:",
            "  tanja lab logs -n shop deploy/webserver",
            "  tanja lab logs -n shop deploy/webserver -c istio-proxy -f",
            "  tanja lab logs control-plane"
        })
final class LogsCommand extends LabAction {
    private static final long LOOK_MILLIS = 200;

    @Option(
            names = {"-c", "--container"},
            paramLabel = "NAME",
            defaultValue = "",
            description = "The container; istio-proxy is the sidecar (default: the pod's first).")
    private String container = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing until Ctrl-C.")
    private boolean follow;

    @Parameters(index = "0", paramLabel = "POD|deploy/NAME|control-plane|lab", description = "Whose log.")
    private String target = "";

    @Override
    int act() throws IOException, InterruptedException {
        Lab lab = lab();
        Path file = file(lab);
        if (!Files.exists(file)) {
            throw new IOException(
                    "there is no such log yet: it has not been started; see tanja lab get pods -n " + namespace());
        }
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(System.out);
            while (follow && Files.exists(file)) {
                System.out.flush();
                Thread.sleep(LOOK_MILLIS);
                in.transferTo(System.out);
            }
        }
        System.out.flush();
        return 0;
    }

    private Path file(Lab lab) throws IOException {
        return switch (target) {
            case "control-plane" -> lab.controlPlaneLog();
            case "lab" -> lab.daemonLog();
            default -> containerLog(lab);
        };
    }

    private Path containerLog(Lab lab) throws IOException {
        JsonNode containers = lab.locate(namespace(), target).path("containers");
        String name = container.isEmpty() ? containers.path(0).asString("") : container;
        if (containers.valueStream().noneMatch(each -> each.asString("").equals(name))) {
            throw new ParameterException(
                    spec().commandLine(), "the pod has no container \"" + name + "\", but " + containers);
        }
        return lab.logFile(namespace(), target, name);
    }
}
