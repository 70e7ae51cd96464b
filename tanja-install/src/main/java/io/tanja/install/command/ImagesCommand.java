package io.tanja.install.command;

import io.tanja.install.InstallException;
import io.tanja.install.image.BuiltImage;
import io.tanja.install.image.ImageBuilder;
import io.tanja.install.image.StartTraining;
import io.tanja.proxy.redirect.ProcessTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja images}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Builds the image of the mesh as a tar, without Docker or a registry, and prints its path.",
            "Its base is made of this machine's own files: glibc, nft and what they need."
        },
        footer = {"", "Example:", "  tanja images -o /tmp/images"})
public final class ImagesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final StartTraining training;

    @Option(
            names = "--no-training",
            description = "leave the AOT cache out: needs neither root nor user namespaces, but sidecars start later")
    private boolean untrained;

    /** @param training makes the proxy's AOT cache */
    public ImagesCommand(StartTraining training) {
        this.training = training;
    }

    @Option(names = "-o", paramLabel = "DIR", description = "where the tar goes (target/images of the checkout)")
    private @Nullable Path folder;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        String root = System.getProperty("tanja.root");
        if (root == null) {
            err.println("tanja images: the image is made of a checkout's jars; run ./tanja images in a checkout");
            return 1;
        }
        Path checkout = Path.of(root);
        Path into = folder == null ? checkout.resolve("target/images") : folder;
        ImageBuilder builder = new ImageBuilder(
                checkout,
                new ProcessTool(),
                step -> {
                    err.println("tanja images: " + step);
                    err.flush();
                },
                untrained ? null : training);
        try {
            BuiltImage image = builder.build(into.toAbsolutePath());
            err.println(String.format(
                    Locale.ROOT,
                    "tanja images: %s, %d MB, %s",
                    image.name(),
                    image.bytes() / 1_000_000,
                    image.digest()));
            out.println(image.file());
            return 0;
        } catch (InstallException e) {
            err.println("tanja images: " + e.text());
            return 1;
        } catch (IOException e) {
            err.println("tanja images: " + e);
            return 1;
        }
    }
}
