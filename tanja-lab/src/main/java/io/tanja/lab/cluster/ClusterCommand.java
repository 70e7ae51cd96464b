package io.tanja.lab.cluster;

import io.tanja.lab.demo.Row;
import io.tanja.lab.demo.RowTable;
import io.tanja.lab.demo.Stage;
import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja demo cluster}. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the seed document's commands with kubectl against the cluster of KUBECONFIG, on which Tanja is installed, captures on"
                    + " the nodes with tcpdump and judges the packets.",
            "Makes the ModuleConfig istio and two namespaces, and leaves them unless told otherwise."
        },
        footer = {"", "Example:", "  tanja demo cluster --node-exec \"ssh root@{name}\" --clean"})
public final class ClusterCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Output {
        table,
        json
    }

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @Option(
            names = "--node-exec",
            paramLabel = "COMMAND",
            defaultValue = NodeShell.SSH,
            description =
                    "what runs a command as root on a node; {name} is the node's name, {number} the digits at its end"
                            + " (default: ${DEFAULT-VALUE})")
    private String nodeExec = NodeShell.SSH;

    @Option(names = "--pcap", paramLabel = "DIR", description = "keep the captures in this folder")
    private @Nullable Path captures;

    @Option(names = "--clean", description = "remove what the walk-through made, at the end")
    private boolean clean;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table, or json: the rows on standard output, the story on standard error")
    private Output output = Output.table;

    @Override
    public Integer call() throws IOException {
        PrintStream story = output == Output.json ? System.err : System.out;
        Stage stage = new Stage(story, false);
        Shell shell = new Shell(PATIENCE);
        Path folder = captures == null ? Files.createTempDirectory("tanja-walk") : captures;
        try {
            new ClusterWalk(stage, shell, NodeShell.of(nodeExec), folder).run();
        } catch (IOException | RuntimeException e) {
            stage.expect("the step runs to its end", String.valueOf(e), false);
        } finally {
            if (clean) {
                shell.run("kubectl delete namespace " + Seed.MESHED + " " + Seed.OUTSIDE
                        + "; kubectl delete moduleconfig istio");
            }
        }
        List<Row> rows = stage.rows();
        if (output == Output.json) {
            System.out.println(Yaml.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        } else {
            RowTable.print(story, rows);
        }
        return !rows.isEmpty() && rows.stream().allMatch(Row::pass) ? 0 : 1;
    }
}
