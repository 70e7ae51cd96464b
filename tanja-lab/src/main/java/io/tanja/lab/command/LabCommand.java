package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.sandbox.LabName;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tanja lab}: a mesh on this machine, from ordinary Kubernetes manifests. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = "A mesh on this machine, from ordinary Kubernetes manifests.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  tanja lab up",
            "  tanja lab apply -f examples/",
            "  tanja lab get pods -n shop -o wide",
            "  tanja lab exec -n shop deploy/client -- wget -qO- http://webserver",
            "  tanja lab down"
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ApplyCommand.class,
            CreateCommand.class,
            DeleteCommand.class,
            GetCommand.class,
            LabelCommand.class,
            ExposeCommand.class,
            ExecCommand.class,
            LogsCommand.class,
            CaptureCommand.class,
            WaitCommand.class,
            RestartCommand.class,
            KillCommand.class,
            TrainCommand.class
        })
public final class LabCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--name",
            scope = ScopeType.INHERIT,
            paramLabel = "LAB",
            defaultValue = "default",
            description = "The lab, if there are several (default: ${DEFAULT-VALUE}).")
    private String name = "default";

    @Option(
            names = {"-n", "--namespace"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? one of those below");
    }

    /** The lab's name. */
    LabName name() {
        try {
            return new LabName(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The namespace. */
    String namespace() {
        return namespace;
    }

    /** The lab that is up. */
    Lab connect() throws IOException {
        return Lab.connect(name());
    }
}
