package io.tanja.proxy.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The projected token, read at each use because the kubelet replaces it. */
public record TokenFile(Path file) implements Supplier<String> {
    /** @throws UncheckedIOException if it cannot be read; the message names the file and never its contents */
    @Override
    public String get() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("--token-file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
