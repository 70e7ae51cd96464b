package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code tanja lab wait}. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Waits until pods are ready.",
        footer = {
            "",
            "Example:",
            "  tanja lab wait --for=ready",
            "  tanja lab wait --for=ready -n shop deploy/webserver --timeout 30"
        })
final class WaitCommand extends LabAction {
    private static final long PROGRESS_MILLIS = 2_000;

    @Option(names = "--for", paramLabel = "ready", defaultValue = "ready", description = "Only ready is known.")
    private String condition = "ready";

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", description = "Give up after (60).")
    private long timeout = 60;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Wait for the pods of all namespaces.")
    private boolean all;

    @Parameters(
            arity = "0..1",
            paramLabel = "POD|deploy/NAME",
            defaultValue = "",
            description = "What to wait for (default: everything in the namespace).")
    private String target = "";

    @Override
    int act() throws IOException {
        if (!condition.equals("ready") && !condition.equals("condition=ready")) {
            throw new ParameterException(spec().commandLine(), "--for knows only: ready");
        }
        Lab lab = lab();
        long left = timeout * 1_000;
        String said = "";
        while (true) {
            long now = Math.min(left, PROGRESS_MILLIS);
            try {
                lab.ask(new Request.Await(all ? "" : namespace(), target, now));
                out().println("ready");
                return 0;
            } catch (LabClient.Refused e) {
                left -= now;
                if (left <= 0) {
                    throw new IOException("given up after " + timeout + " s: " + e.getMessage(), e);
                }
                String what = String.valueOf(e.getMessage())
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse("")
                        .strip();
                note(what.isEmpty() || what.equals(said) ? "... " + left / 1_000 + " s left" : "waiting for " + what);
                said = what;
            }
        }
    }
}
