package io.tanja.control.source;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The manifest files below a folder at one moment.
 *
 * @param folders every folder, the root included, with its identity
 * @param files every manifest file
 */
record FolderListing(SortedMap<Path, String> folders, SortedMap<Path, FileStamp> files) {
    private static final int MAX_DEPTH = 16;

    /**
     * Lists a tree. Names that begin with a dot are left out (editors' and Kubernetes' own), links are followed.
     *
     * @throws IOException if the root cannot be read; what cannot be read below it is left out, and so counts as gone
     */
    static FolderListing of(Path root) throws IOException {
        SortedMap<Path, String> folders = new TreeMap<>();
        SortedMap<Path, FileStamp> files = new TreeMap<>();
        // Fails here, with a reason, where walking would visit nothing.
        if (!Files.readAttributes(root, BasicFileAttributes.class).isDirectory()) {
            throw new NotDirectoryException(root.toString());
        }
        if (!Files.isReadable(root)) {
            throw new AccessDeniedException(root.toString());
        }
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (!folder.equals(root) && hidden(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                folders.put(folder, String.valueOf(attributes.fileKey()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && isManifest(file)) {
                    files.put(file, FileStamp.of(attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new FolderListing(folders, files);
    }

    /** Whether a file would be read, by its name. */
    static boolean isManifest(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !hidden(file) && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    private static boolean hidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }
}
