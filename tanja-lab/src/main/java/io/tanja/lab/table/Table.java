package io.tanja.lab.table;

import java.util.List;

/**
 * Columns for a terminal.
 *
 * @param head the columns' names
 * @param rows the cells, as many per row as there are columns
 */
public record Table(List<String> head, List<List<String>> rows) {
    private static final int GAP = 3;

    /** Copies the lists. */
    public Table {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** The table as text, columns aligned to the left with three spaces between them, as kubectl does. */
    public String text() {
        int[] widths = new int[head.size()];
        measure(widths, head);
        rows.forEach(row -> measure(widths, row));
        StringBuilder out = new StringBuilder();
        line(out, widths, head);
        rows.forEach(row -> line(out, widths, row));
        return out.toString();
    }

    private static void measure(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
    }

    private static void line(StringBuilder out, int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            out.append(row.get(i));
            if (i < widths.length - 1) {
                out.repeat(' ', widths[i] - row.get(i).length() + GAP);
            }
        }
        out.append('\n');
    }
}
