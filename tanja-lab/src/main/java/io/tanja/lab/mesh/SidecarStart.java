package io.tanja.lab.mesh;

import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.StateFolder;
import io.tanja.proxy.launch.ProxyJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a sidecar's JVM is helped to start soon: by an AOT cache (JEP 483, 514, 515), or it records for one. */
public sealed interface SidecarStart {
    /** The name of the cache, beside the program's first jar. */
    String FILE = "proxy.aot";

    /** Flags of the JVM for one pod's sidecar. */
    List<String> flags(PodPlan pod);

    /**
     * Finds out how.
     *
     * @param original the program as it was built
     * @param program the same as sidecars can read it
     * @throws IOException if the cache cannot be put where sidecars can read it
     */
    static SidecarStart of(JavaProgram original, JavaProgram program, LabSettings settings, StateFolder folder)
            throws IOException {
        if (settings.training()) {
            Path records = Files.createDirectories(folder.training());
            if (settings.root()) {
                Files.setAttribute(records, "unix:uid", Privileges.SIDECAR_UID);
            }
            return new Recorded(records);
        }
        Path cache = cache(original).orElse(null);
        if (cache == null || !Files.isReadable(cache)) {
            return new Cached(null);
        }
        if (program.classPath().equals(original.classPath())) {
            return new Cached(cache);
        }
        return new Cached(Programs.copyOf(cache, folder.programs().resolve(FILE)));
    }

    /** Where a program's cache is, if it can have one: of classes in folders the JVM makes none. */
    static Optional<Path> cache(JavaProgram program) {
        return program.classPath().stream().allMatch(entry -> entry.toString().endsWith(".jar"))
                ? program.classPath().stream().findFirst().map(jar -> jar.resolveSibling(FILE))
                : Optional.empty();
    }

    /**
     * With a cache, if there is one. The JVM checks whether it belongs to its jars, and does without it if not.
     *
     * @param cache null for none
     */
    record Cached(@Nullable Path cache) implements SidecarStart {
        @Override
        public List<String> flags(PodPlan pod) {
            return cache == null ? List.of() : ProxyJvm.cached(cache);
        }
    }

    /**
     * It writes a cache when it ends.
     *
     * @param folder where to, by the pod's name
     */
    record Recorded(Path folder) implements SidecarStart {
        @Override
        public List<String> flags(PodPlan pod) {
            return ProxyJvm.recording(folder.resolve(pod.name() + ".aot"));
        }
    }
}
