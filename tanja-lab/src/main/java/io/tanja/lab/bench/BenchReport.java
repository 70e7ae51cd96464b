package io.tanja.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param rows one per load
 * @param idleKilobytes resident memory of each server's sidecar at rest
 * @param loadedKilobytes the same after all loads
 * @param firstAnswers milliseconds from a sidecar's start to its first answer
 * @param runs runs per load and contender
 * @param seconds length of a run
 */
record BenchReport(
        List<Row> rows,
        Map<String, Long> idleKilobytes,
        Map<String, Long> loadedKilobytes,
        List<Double> firstAnswers,
        int runs,
        int seconds) {
    /**
     * One load.
     *
     * @param load its name
     * @param ours runs of our pair
     * @param theirs runs of Envoy's pair
     */
    record Row(
            String load,
            @Nullable List<Contender.Run> ours,
            @Nullable List<Contender.Run> theirs) {
        double ratio() {
            return micros(ours) / micros(theirs);
        }

        static double micros(@Nullable List<Contender.Run> runs) {
            return Figures.median(
                    runs == null
                            ? List.of()
                            : runs.stream().map(Contender.Run::microsPerRequest).toList());
        }

        static double rate(@Nullable List<Contender.Run> runs) {
            return Figures.median(
                    runs == null
                            ? List.of()
                            : runs.stream()
                                    .map(Contender.Run::requestsPerSecond)
                                    .toList());
        }

        static long failed(@Nullable List<Contender.Run> runs) {
            return runs == null
                    ? 0
                    : runs.stream().mapToLong(Contender.Run::failed).sum();
        }
    }

    /** The tables in Markdown. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| load | ours, CPU us per request, both sidecars | Envoy | ratio | ours, requests/s | Envoy | failed, ours / Envoy |");
        lines.add("|---|---|---|---|---|---|---|");
        for (Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | **%.2f** | %.0f | %.0f | %d / %d |",
                    row.load(),
                    Row.micros(row.ours()),
                    Row.micros(row.theirs()),
                    row.ratio(),
                    Row.rate(row.ours()),
                    Row.rate(row.theirs()),
                    Row.failed(row.ours()),
                    Row.failed(row.theirs())));
        }
        lines.add("");
        lines.add("| sidecar | RSS at rest, MB | RSS after load, MB |");
        lines.add("|---|---|---|");
        idleKilobytes.forEach((name, idle) -> lines.add(String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f |",
                name,
                idle / 1024.0,
                loadedKilobytes.getOrDefault(name, 0L) / 1024.0)));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "First answered request after the start of the sidecar's process (median of %d): **%.0f ms**.",
                firstAnswers.size(),
                Figures.median(firstAnswers)));
        return String.join("\n", lines) + "\n";
    }
}
