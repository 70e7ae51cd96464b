package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja bench idle}. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = {
            "Opens many connections through one server's sidecar, keeps them silent, and asks again: plaintext and mutual TLS on a"
                    + " port declared HTTP, plaintext on one declared TCP.",
            "Needs root. Prints Markdown; progress goes to standard error."
        },
        footer = {"", "Example:", "  tanja bench idle --connections 10000"})
public final class IdleCommand implements Callable<Integer> {
    @Option(
            names = "--connections",
            defaultValue = "10000",
            description = "Connections of each kind (default: ${DEFAULT-VALUE}).")
    private int connections = 10_000;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Length of the silence (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Override
    public Integer call() throws Exception {
        new Training(System.err::println).unlessFresh();
        try (Lab lab = Lab.start(LabOptions.named("idle").say(line -> System.err.println(line)))) {
            List<IdleBench.Row> rows = new IdleBench(lab, System.err, InstantSource.system())
                    .run(connections, Duration.ofSeconds(seconds));
            System.out.print(IdleBench.markdown(rows, fileLimit()));
        }
        return 0;
    }

    private static long fileLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[4]))
                .findFirst()
                .orElse(0);
    }
}
