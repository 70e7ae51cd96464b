package io.tanja.lab.command;

import io.tanja.lab.mesh.SidecarStart;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.training.Training;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja lab train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the AOT cache with which sidecars start in a fraction of the time: runs one in a lab of its own and records it.",
            "The first lab after a build does so by itself."
        },
        footer = {"", "Example:", "  tanja lab train"})
final class TrainCommand extends LabAction {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the cache goes (default: beside the program's jar, where labs look for it).")
    private @Nullable Path output;

    @Override
    int act() throws IOException, InterruptedException {
        Path file = output;
        if (file == null) {
            file = SidecarStart.cache(JavaProgram.current())
                    .orElseThrow(
                            () -> new IOException(
                                    "the program runs from folders of classes, for which the JVM makes no cache; start it by ./tanja"));
        }
        new Training(this::note).run(file.toAbsolutePath(), null);
        return 0;
    }
}
