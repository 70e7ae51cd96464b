package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.training.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja lab up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts a lab. It stays up until \"tanja lab down\".",
        footer = {"", "Example:", "  tanja lab up", "  tanja lab up --name second --foreground"})
final class UpCommand extends LabAction {
    @Option(names = "--foreground", description = "Stay in the terminal; Ctrl-C ends the lab.")
    private boolean foreground;

    @Option(
            names = "--leaf-ttl",
            paramLabel = "DURATION",
            description = "Lifetime of workload certificates, as PT24H or PT2M (default: PT24H).")
    private @Nullable Duration leafLifetime;

    @Option(names = "--images", paramLabel = "FILE", description = "What further images stand for on this machine.")
    private @Nullable Path images;

    @Override
    int act() throws IOException, InterruptedException {
        LabOptions options =
                LabOptions.named(parent().name().name()).owned(foreground).say(this::note);
        if (leafLifetime != null) {
            options = options.leafLifetime(leafLifetime);
        }
        if (images != null) {
            options = options.images(images.toAbsolutePath());
        }
        new Training(this::note).unlessFresh();
        Lab lab = Lab.start(options);
        note("lab \"" + parent().name() + "\" is up; state in " + lab.folder().path());
        Process process = lab.process();
        if (foreground && process != null) {
            note("Ctrl-C ends it");
            // Not closed here: the lab sees the end of this process by itself.
            return process.waitFor();
        }
        return 0;
    }
}
