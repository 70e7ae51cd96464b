package io.tanja.cli;

import io.tanja.control.ControlMain;
import io.tanja.install.command.ChartCommand;
import io.tanja.install.command.ImagesCommand;
import io.tanja.install.command.InstallCommand;
import io.tanja.install.command.UninstallCommand;
import io.tanja.lab.bench.BenchCommand;
import io.tanja.lab.command.LabCommand;
import io.tanja.lab.demo.DemoCommand;
import io.tanja.proxy.ProxyMain;
import io.tanja.proxy.redirect.RedirectMain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code tanja} command. */
@Command(
        name = "tanja",
        mixinStandardHelpOptions = true,
        version = "tanja 0.1.0",
        description = "A service mesh: mutual TLS between pods, compatible with Istio.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            LabCommand.class,
            VerifyCommand.class,
            ProxyStatusCommand.class,
            DescribeCommand.class,
            BenchCommand.class,
            ImagesCommand.class,
            InstallCommand.class,
            UninstallCommand.class,
            ChartCommand.class,
            InjectCommand.class
        },
        footer = {
            "",
            "The processes themselves, with flags of their own (--help):",
            "  control     the control plane",
            "  proxy       the data plane",
            "  redirect    sends a pod's traffic through its proxy",
            "",
            "Example:",
            "  tanja demo"
        })
public final class TanjaCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? one of those below");
    }

    /**
     * Runs the command and ends the process: with 0 on success only.
     *
     * @param args the command's name and its arguments
     */
    public static void main(String[] args) throws InterruptedException {
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        switch (args.length == 0 ? "" : args[0]) {
            // The processes read their flags by themselves: a sidecar's start has no time for a command line library.
            case "control" -> ControlMain.main(rest.toArray(String[]::new));
            case "proxy" -> proxy(rest);
            case "redirect" -> RedirectMain.main(rest.toArray(String[]::new));
            default -> System.exit(execute(List.of(args)));
        }
    }

    /** The data plane has flags only; a word after its name is a question about the proxies there are. */
    private static void proxy(List<String> rest) throws InterruptedException {
        if (!rest.isEmpty() && rest.getFirst().equals("status")) {
            List<String> words = new ArrayList<>(rest);
            words.set(0, "proxy-status");
            System.exit(execute(words));
        }
        ProxyMain.main(rest.toArray(String[]::new));
    }

    private static int execute(List<String> words) {
        return commandLine().execute(words.toArray(String[]::new));
    }

    /** The command with all that it needs. */
    static CommandLine commandLine() {
        return new CommandLine(new TanjaCommand(), new Commands()).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
