package io.tanja.install.command;

import io.tanja.install.chart.ChartFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja chart}. */
@Command(
        name = "chart",
        mixinStandardHelpOptions = true,
        description = "Writes the Helm chart, which has the same objects as tanja install, and prints its path.",
        footer = {"", "Example:", "  tanja chart -o /tmp/chart && helm template tanja /tmp/chart"})
public final class ChartCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "-o", paramLabel = "DIR", required = true, description = "where it goes; files there are replaced")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Override
    public Integer call() {
        try {
            for (Map.Entry<String, String> file : ChartFiles.all().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            spec.commandLine().getErr().println("tanja chart: cannot be written: " + e);
            return 1;
        }
        spec.commandLine().getOut().println(folder);
        return 0;
    }
}
