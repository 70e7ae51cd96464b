package io.tanja.lab.demo;

import java.io.PrintStream;
import java.util.List;

/** The table at the end of a walk-through. */
public final class RowTable {
    private RowTable() {}

    /** Prints it, with how many rows hold. */
    public static void print(PrintStream out, List<Row> rows) {
        out.println();
        out.println("STEP  RESULT  EXPECTED");
        for (Row row : rows) {
            out.printf("%4d  %-6s  %s%n", row.step(), row.pass() ? "pass" : "FAIL", row.expected());
            out.printf("              %s%n", row.observed().lines().findFirst().orElse(""));
        }
        long failed = rows.stream().filter(row -> !row.pass()).count();
        out.println();
        out.println(
                failed == 0
                        ? "All " + rows.size() + " expectations hold."
                        : failed + " of " + rows.size() + " expectations do not hold.");
    }
}
