package io.tanja.control.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells one content of a file from another without reading it.
 *
 * @param identity the file system's identity of the file; changes when it is replaced by a rename
 * @param size in bytes
 * @param modified when it was last written, as fine as the file system tells
 */
record FileStamp(String identity, long size, FileTime modified) {
    /** @throws IOException if the file is gone or unreadable */
    static FileStamp of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(String.valueOf(attributes.fileKey()), attributes.size(), attributes.lastModifiedTime());
    }
}
