package io.tanja.lab;

import io.tanja.lab.sandbox.LabName;
import io.tanja.lab.sandbox.SidecarProgram;
import io.tanja.model.identity.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a lab is to be like.
 *
 * @param name its name, by which several are told apart
 * @param owned whether it ends when the process that starts it does, in whatever way
 * @param trustDomain the mesh's trust domain
 * @param leafLifetime lifetime of workload certificates
 * @param training whether each sidecar records its start, to write an AOT cache when it ends
 * @param sidecar what sidecars run, null for the program that starts the lab
 * @param images the file with the user's own images; it need not exist
 * @param say where announcements go, one line each
 */
public record LabOptions(
        LabName name,
        boolean owned,
        TrustDomain trustDomain,
        Duration leafLifetime,
        boolean training,
        @Nullable SidecarProgram sidecar,
        Path images,
        Consumer<String> say) {
    /** A lab with the defaults of the command line, owned by this process. */
    public static LabOptions named(String name) {
        return new LabOptions(
                new LabName(name),
                true,
                TrustDomain.CLUSTER_LOCAL,
                Duration.ofHours(24),
                false,
                null,
                images(System.getenv()),
                _ -> {});
    }

    /** The same, but for whether it ends with this process. */
    public LabOptions owned(boolean changed) {
        return new LabOptions(name, changed, trustDomain, leafLifetime, training, sidecar, images, say);
    }

    /** The same, but for the certificates' lifetime. */
    public LabOptions leafLifetime(Duration changed) {
        return new LabOptions(name, owned, trustDomain, changed, training, sidecar, images, say);
    }

    /** The same, but for whether sidecars record their start. */
    public LabOptions training(boolean changed) {
        return new LabOptions(name, owned, trustDomain, leafLifetime, changed, sidecar, images, say);
    }

    /** The same, but for what sidecars run. */
    public LabOptions sidecar(@Nullable SidecarProgram changed) {
        return new LabOptions(name, owned, trustDomain, leafLifetime, training, changed, images, say);
    }

    /** The same, but for the file with the user's own images. */
    public LabOptions images(Path changed) {
        return new LabOptions(name, owned, trustDomain, leafLifetime, training, sidecar, changed, say);
    }

    /** The same, but for where announcements go. */
    public LabOptions say(Consumer<String> changed) {
        return new LabOptions(name, owned, trustDomain, leafLifetime, training, sidecar, images, changed);
    }

    private static Path images(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = config.isEmpty() ? Path.of(System.getProperty("user.home", "/"), ".config") : Path.of(config);
        return base.resolve("tanja/images.yaml");
    }
}
