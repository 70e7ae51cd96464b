package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The image's files in one folder where every user can run them, laid out as in the image and with the same times: by both,
 * a JVM knows whether an AOT cache belongs to its jars.
 */
record Trial(Path root) implements AutoCloseable {
    static Trial of(List<StagedLayer> layers) throws IOException {
        Path root = Files.createTempDirectory("tanja-image");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (StagedLayer layer : layers) {
            layer.copyTo(root);
        }
        return new Trial(root);
    }

    /**
     * Has the proxy run and record itself.
     *
     * @param jars the names of its jars, in the order of the class path
     */
    void train(StartTraining training, List<String> jars) throws IOException, InterruptedException, InstallException {
        training.run(
                at(JavaRuntime.HOME),
                jars.stream().map(jar -> at(Program.LIB + "/" + jar)).toList(),
                List.of("-Djava.library.path=" + at(Program.NATIVE)),
                cache());
    }

    /** Where the cache is then. */
    Path cache() {
        return at(Program.PROXY_CACHE);
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public void close() throws IOException {
        StagedLayer.delete(root);
    }
}
