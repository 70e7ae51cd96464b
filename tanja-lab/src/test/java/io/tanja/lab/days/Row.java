package io.tanja.lab.days;

import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * One bad day, counted.
 *
 * @param day what broke
 * @param requests sent
 * @param failed not answered with 200, connections that broke included
 * @param encrypted connections between the pods that the packets show to be encrypted
 * @param plaintext connections between the pods with a readable byte of payload
 * @param observed what else was to be seen
 */
public record Row(String day, long requests, long failed, long encrypted, long plaintext, String observed) {
    static Row of(String day, List<Load.Tally> loads, CaptureReport packets, String observed) {
        return new Row(
                day,
                loads.stream().mapToLong(Load.Tally::requests).sum(),
                loads.stream().mapToLong(Load.Tally::failures).sum(),
                packets.count(Verdict.ENCRYPTED),
                packets.connections().stream()
                        .filter(c ->
                                c.verdict() == Verdict.PLAINTEXT || c.bytes().plaintext() > 0)
                        .count(),
                observed);
    }

    /** All rows as a table in Markdown. */
    public static String table(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("| bad day | requests | failed | encrypted connections | plaintext connections | observed |");
        lines.add("|---|---|---|---|---|---|");
        for (Row row : rows) {
            lines.add("| " + row.day + " | " + row.requests + " | " + row.failed + " | " + row.encrypted + " | "
                    + row.plaintext + " | " + row.observed + " |");
        }
        return String.join("\n", lines);
    }
}
