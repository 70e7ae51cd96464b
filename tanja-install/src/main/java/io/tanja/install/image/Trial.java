package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

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
     * The AOT cache of the proxy. No two trainings write the same bytes, so that a cache is kept and used again while the
     * image's other files are the same: that is what makes a second build give the same image.
     *
     * @param jars the names of its jars, in the order of the class path
     * @param kept a folder that outlives the build
     */
    Path cache(StartTraining training, List<String> jars, Path kept)
            throws IOException, InterruptedException, InstallException {
        Path cache = kept.resolve("proxy-" + digest() + ".aot");
        if (!Files.exists(cache)) {
            Path made = at(Program.PROXY_CACHE);
            training.run(
                    at(JavaRuntime.HOME),
                    jars.stream().map(jar -> at(Program.LIB + "/" + jar)).toList(),
                    List.of("-Djava.library.path=" + at(Program.NATIVE)),
                    made);
            Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
        }
        return cache;
    }

    private String digest() throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    sha.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                }
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public void close() throws IOException {
        StagedLayer.delete(root);
    }
}
