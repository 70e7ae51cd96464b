package io.tanja.install.image;

import java.nio.file.Path;

/**
 * An image that was built.
 *
 * @param file the tar
 * @param name as containers name it
 * @param digest of its manifest
 * @param bytes size of what it holds, unpacked
 */
public record BuiltImage(Path file, String name, String digest, long bytes) {}
