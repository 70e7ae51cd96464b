package io.tanja.lab.demo;

import io.tanja.lab.cluster.ClusterCommand;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.training.Training;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja demo}. */
@Command(
        name = "demo",
        subcommands = ClusterCommand.class,
        description = {
            "Shows on this machine what the mesh does: two pods talk, their packets are ciphertext; a pod outside is answered in"
                    + " plaintext while the mode is PERMISSIVE and refused when it is STRICT; and more.",
            "Needs root, or an ordinary user with user namespaces. Takes about two minutes."
        },
        footer = {"", "Example:", "  tanja demo --pcap captures"},
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Output {
        table,
        json
    }

    @Option(
            names = {"-o", "--output"},
            description = "table, or json: the rows on standard output, the story on standard error",
            defaultValue = "table")
    private Output output = Output.table;

    @Option(names = "--pcap", description = "keep the captures in this folder", paramLabel = "DIR")
    private @Nullable Path captures;

    @Option(names = "--keep", description = "leave the lab up at the end")
    private boolean keep;

    @Option(names = "--name", description = "the lab's name", defaultValue = "demo")
    private String name = "demo";

    @Override
    public Integer call() throws Exception {
        PrintStream story = output == Output.json ? System.err : System.out;
        boolean color = output == Output.table
                && Optional.ofNullable(System.console())
                        .map(Console::isTerminal)
                        .orElse(false);
        new Training(line -> story.println("    " + line)).unlessFresh();
        List<Row> rows = new Demo(story, color, captures, keep, InstantSource.system()).run(name);
        boolean pass = !rows.isEmpty() && rows.stream().allMatch(Row::pass);
        if (output == Output.json) {
            System.out.println(Yaml.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        } else {
            RowTable.print(story, rows);
        }
        return pass ? 0 : 1;
    }
}
