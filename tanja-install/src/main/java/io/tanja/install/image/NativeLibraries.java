package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Netty's native libraries, taken out of the jars that carry them. Unpacked at run time, each sidecar would have a copy of
 * its own in memory and need a writable folder.
 */
final class NativeLibraries {
    private static final String PREFIX = "META-INF/native/";
    /** How Netty names the processor that this image is for. */
    private static final String PROCESSOR = System.getProperty("os.arch", "").equals("aarch64") ? "aarch_64" : "x86_64";

    private NativeLibraries() {}

    /**
     * Unpacks the libraries of one jar that are for Linux on this processor.
     *
     * @return whether the jar has libraries only, so that nobody needs it any more
     * @throws InstallException if it holds classes and libraries, so that it can be neither left out nor kept
     */
    static boolean unpack(Path jar, Path into) throws IOException, InstallException {
        boolean libraries = false;
        boolean classes = false;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                classes |= name.endsWith(".class") && !name.endsWith("module-info.class");
                libraries |= name.startsWith(PREFIX) && !entry.isDirectory();
                if (name.startsWith(PREFIX) && name.endsWith(PROCESSOR + ".so")) {
                    Path library = into.resolve(name.substring(name.lastIndexOf('/') + 1));
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, library);
                    }
                }
            }
        }
        if (classes && libraries) {
            throw new InstallException(
                    jar.toString(), "holds classes beside native libraries", "teach NativeLibraries to split it");
        }
        return libraries;
    }
}
