package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes the AOT cache (JEP 514) with which the proxy of an image starts: by running it. */
@FunctionalInterface
public interface StartTraining {
    /**
     * Runs it.
     *
     * @param javaHome the image's Java runtime
     * @param classPath the proxy's jars, in their order
     * @param flags further flags of its JVM
     * @param cache where the cache goes
     * @throws InstallException if no cache came of it
     */
    void run(Path javaHome, List<Path> classPath, List<String> flags, Path cache)
            throws IOException, InterruptedException, InstallException;
}
