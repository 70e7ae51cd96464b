package io.tanja.install.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A layer of the image as a folder that looks like the image's root. Times and permissions are set here, and owners are left
 * out, so that the same content gives the same bytes on every machine.
 */
final class StagedLayer {
    /** The time of every file, as Jib has it: the second after the epoch, since some tools take 0 for unknown. */
    static final Instant TIME = Instant.ofEpochSecond(1);

    private static final String FILE = "rw-r--r--";
    private static final String PROGRAM = "rwxr-xr-x";

    private final String name;
    private final Path root;

    StagedLayer(String name, Path root) throws IOException {
        this.name = name;
        this.root = Files.createDirectories(root);
    }

    /** Copies a file; symbolic links become what they point to. */
    void copy(Path from, String to, boolean program) throws IOException {
        Path target = target(to);
        Files.copy(from.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
        finish(target, program);
    }

    /** Copies a folder with everything in it; what can be executed stays so. */
    void copyTree(Path from, String to) throws IOException {
        for (Path file : tree(from)) {
            if (!Files.isDirectory(file)) {
                copy(file, to + "/" + from.relativize(file), Files.isExecutable(file));
            }
        }
    }

    /** Copies its files, with their times and permissions, below another folder. */
    void copyTo(Path folder) throws IOException {
        for (Path file : tree(root)) {
            Path target = folder.resolve(root.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else {
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Writes a text file. */
    void text(String to, String content) throws IOException {
        finish(Files.writeString(target(to), content, StandardCharsets.UTF_8), false);
    }

    /** Makes a folder that anyone may write to. */
    void openFolder(String path) throws IOException {
        Path folder = Files.createDirectories(root.resolve(path.substring(1)));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The files as Jib takes them, sorted. */
    FileEntriesLayer layer() throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (Path file : tree(root)) {
            if (!file.equals(root)) {
                layer.addEntry(
                        file,
                        AbsoluteUnixPath.get("/" + root.relativize(file)),
                        FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file)),
                        TIME);
            }
        }
        return layer.build();
    }

    /** Removes a folder with everything in it. */
    static void delete(Path folder) throws IOException {
        for (Path file : tree(folder).reversed()) {
            Files.delete(file);
        }
    }

    /** How many bytes its files have. */
    long bytes() throws IOException {
        long bytes = 0;
        for (Path file : tree(root)) {
            bytes += Files.isDirectory(file) ? 0 : Files.size(file);
        }
        return bytes;
    }

    private Path target(String to) throws IOException {
        Path target = root.resolve(to.substring(1));
        Path folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return target;
    }

    private static void finish(Path file, boolean program) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? PROGRAM : FILE));
        Files.setLastModifiedTime(file, FileTime.from(TIME));
    }

    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}
