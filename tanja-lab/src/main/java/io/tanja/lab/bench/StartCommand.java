package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.training.Training;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja bench start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long a sidecar takes from the start of its process until it is ready, and until a client in the mesh",
            "has its first answer through it. One pod at a time; the control plane and the client are up."
        },
        footer = {"", "Example:", "  tanja bench start --runs 10"})
public final class StartCommand implements Callable<Integer> {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Pattern READY_LINE = Pattern.compile("ready in (\\d+) ms");
    private static final String SERVE = "exec nginx -g 'daemon off;'";

    @Option(names = "--runs", defaultValue = "10", description = "Pods started (default: ${DEFAULT-VALUE}).")
    private int runs = 10;

    @Override
    public Integer call() throws Exception {
        List<Double> ready = new ArrayList<>();
        List<Double> answers = new ArrayList<>();
        new Training(System.err::println).unlessFresh();
        try (Lab lab = Lab.start(LabOptions.named("start").say(line -> System.err.println(line)))) {
            lab.apply(BenchManifest.BASE);
            lab.apply(BenchManifest.pair("tanja", SERVE));
            lab.awaitReady(READY);
            for (int i = 0; i < runs; i++) {
                String name = "fresh-" + i;
                lab.apply(BenchManifest.fresh(name, SERVE));
                answers.add(new FirstAnswer(lab, name).millis());
                Matcher line = READY_LINE.matcher(lab.logs(Bench.NAMESPACE, "deploy/" + name, "istio-proxy"));
                if (line.find()) {
                    ready.add(Double.parseDouble(line.group(1)));
                }
                System.err.printf(
                        Locale.ROOT,
                        "%s: ready after %.0f ms, first answer after %.0f ms%n",
                        name,
                        ready.getLast(),
                        answers.getLast());
                lab.delete("Deployment", Bench.NAMESPACE, name);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "Median of %d: ready %.0f ms after the start of the sidecar's process, first answer after **%.0f ms**.%n",
                runs,
                Figures.median(ready),
                Figures.median(answers));
        return 0;
    }
}
