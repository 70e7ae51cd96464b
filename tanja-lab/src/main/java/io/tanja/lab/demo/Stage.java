package io.tanja.lab.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Where the walk-through is told: headings, commands and what they print, and the rows of the final table. One user thread. */
public final class Stage {
    private final PrintStream out;
    private final boolean color;
    private final List<Row> rows = new ArrayList<>();
    private int step;
    private String title = "";

    /**
     * Makes one.
     *
     * @param out where the story goes
     * @param color whether results are coloured
     */
    public Stage(PrintStream out, boolean color) {
        this.out = out;
        this.color = color;
    }

    /** Begins the next step. */
    public void step(String heading) {
        step++;
        title = heading;
        out.println();
        out.println(bold("Step " + step + ". " + heading));
    }

    /** Shows a command that a user would type. */
    public void command(String text) {
        text.lines().forEach(line -> out.println("    $ " + line));
    }

    /** Shows what a command printed, cut after {@code max} lines. */
    public void output(String text, int max) {
        List<String> lines = text.strip().lines().toList();
        lines.stream().limit(max).forEach(line -> out.println("      " + line));
        if (lines.size() > max) {
            out.println("      ... " + (lines.size() - max) + " more lines");
        }
    }

    /** Tells something. */
    public void say(String text) {
        out.println("    " + text);
    }

    /** Notes an expectation of the current step and what was observed. */
    public void expect(String expected, String observed, boolean pass) {
        rows.add(new Row(step, title, expected, observed, pass));
        out.println("    " + (pass ? green("pass") : red("FAIL")) + "  " + expected);
        if (!pass) {
            out.println("          observed: " + observed);
        }
    }

    /** The table so far. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    private String bold(String text) {
        return color ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private String green(String text) {
        return color ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    private String red(String text) {
        return color ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
