package io.tanja.install.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import io.tanja.install.InstallException;
import io.tanja.install.object.Release;
import io.tanja.proxy.launch.ProxyJvm;
import io.tanja.proxy.redirect.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds the image from this machine's files: no registry, no container engine. What changes least comes first, so that an
 * update brings its last layer only.
 */
public final class ImageBuilder {
    private final Path root;
    private final Tool tool;
    private final Consumer<String> progress;
    private final @Nullable StartTraining training;

    /**
     * @param root the checkout, built
     * @param tool runs the machine's programs
     * @param progress hears what is done
     * @param training makes the proxy's AOT cache; null for an image without one
     */
    public ImageBuilder(Path root, Tool tool, Consumer<String> progress, @Nullable StartTraining training) {
        this.root = root;
        this.tool = tool;
        this.progress = progress;
        this.training = training;
    }

    /**
     * Builds it and writes {@code tanja-VERSION.tar}.
     *
     * @param folder where the tar goes; made if it is missing
     */
    public BuiltImage build(Path folder) throws IOException, InterruptedException, InstallException {
        Files.createDirectories(folder);
        // Found before minutes are spent.
        List<Path> tools = MachineFiles.programs();
        List<Program> programs = Programs.of(root, training != null);
        for (Program program : programs) {
            ProgramJars.of(program);
        }
        Path work = Files.createTempDirectory(folder, ".work");
        try {
            return write(stage(programs, tools, folder, work), folder, work);
        } finally {
            StagedLayer.delete(work);
        }
    }

    /** Makes the layers as folders below {@code work}, in their order. */
    private List<StagedLayer> stage(List<Program> programs, List<Path> tools, Path folder, Path work)
            throws IOException, InterruptedException, InstallException {
        progress.accept("linking the Java runtime");
        Path java = work.resolve("java");
        JavaRuntime.link(java);
        StagedLayer runtime = new StagedLayer("runtime", work.resolve("layer-runtime"));
        runtime.copyTree(java, JavaRuntime.HOME);
        StagedLayer libraries = new StagedLayer("libraries", work.resolve("layer-libraries"));
        StagedLayer app = new StagedLayer("app", work.resolve("layer-app"));
        Path natives = Files.createDirectory(work.resolve("natives"));
        Map<String, List<String>> classPaths = new AppFiles(libraries, app, natives).add(programs);
        progress.accept("copying the machine's libraries");
        StagedLayer base = new StagedLayer("base", work.resolve("layer-base"));
        List<Path> linked = new ArrayList<>(MachineFiles.linked(java));
        linked.addAll(MachineFiles.linked(natives));
        new MachineFiles(new LinkedLibraries(tool)).add(base, tools, linked);
        List<StagedLayer> layers = new ArrayList<>(List.of(base, runtime, libraries, app));
        if (training != null) {
            StagedLayer start = new StagedLayer("start", work.resolve("layer-start"));
            Path cache;
            try (Trial trial = Trial.of(layers)) {
                cache = trial.cache(training, Objects.requireNonNull(classPaths.get("proxy")), folder);
            }
            start.copy(cache, Program.PROXY_CACHE, false);
            layers.add(start);
        }
        return layers;
    }

    private BuiltImage write(List<StagedLayer> layers, Path folder, Path work)
            throws IOException, InterruptedException, InstallException {
        progress.accept("writing the image");
        Path file = folder.resolve("tanja-" + Release.VERSION + ".tar");
        long bytes = 0;
        JibContainerBuilder image = Jib.fromScratch()
                .setFormat(ImageFormat.Docker)
                .setCreationTime(StagedLayer.TIME)
                .setUser("1337:1337")
                .setEnvironment(environment())
                .setEntrypoint(List.of(JavaRuntime.HOME + "/bin/java"));
        for (StagedLayer layer : layers) {
            image.addFileEntriesLayer(layer.layer());
            bytes += layer.bytes();
        }
        Path cache = work.resolve("cache");
        Path partial = work.resolve("image.tar");
        try {
            JibContainer built =
                    image.containerize(Containerizer.to(TarImage.at(partial).named(Release.IMAGE))
                            .setOfflineMode(true)
                            .setBaseImageLayersCache(cache)
                            .setApplicationLayersCache(cache)
                            .setToolName("tanja"));
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
            return new BuiltImage(file, Release.IMAGE, built.getDigest().toString(), bytes);
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // Jib's own checked exceptions are about registries, of which there is none, and about what went wrong
            // inside.
            throw new InstallException(file.toString(), "cannot be written: " + e, "see the cause");
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(ProxyJvm.environment());
        environment.put("PATH", "/opt/java/bin:/usr/sbin:/usr/bin");
        return environment;
    }
}
