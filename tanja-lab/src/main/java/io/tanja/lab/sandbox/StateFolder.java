package io.tanja.lab.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a lab keeps what the command line and the lab share: socket, logs, keys. Nothing in it outlives the lab, but for
 * the folder of one that was killed, which the next start empties.
 *
 * @param path the folder
 */
public record StateFolder(Path path) {
    private static final int MAX_SOCKET_PATH = 107;

    /**
     * The folder of a lab: {@code $XDG_RUNTIME_DIR/tanja/<lab>}, else {@code /tmp/tanja-<uid>/<lab>}. Root always takes
     * the latter, because sidecars, which then run as another user, must reach their part of it.
     *
     * @param uid the user's numeric id
     */
    public static StateFolder of(LabName lab, Map<String, String> environment, int uid) {
        String override = environment.getOrDefault("TANJA_LAB_HOME", "");
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        Path base = !override.isEmpty()
                ? Path.of(override)
                : uid != 0 && !runtime.isEmpty() && Files.isWritable(Path.of(runtime))
                        ? Path.of(runtime, "tanja")
                        : Path.of("/tmp/tanja-" + uid);
        return new StateFolder(base.resolve(lab.name()));
    }

    /** The daemon's socket. */
    public Path socket() {
        return path.resolve("api/lab.sock");
    }

    /** The daemon's own log. */
    public Path daemonLog() {
        return path.resolve("daemon.log");
    }

    /** The containers' logs. */
    public Path logs() {
        return path.resolve("logs");
    }

    /** What the control plane reads and keeps. */
    public Path control() {
        return path.resolve("control");
    }

    /** The objects as the control plane sees them. */
    public Path manifests() {
        return control().resolve("manifests");
    }

    /** The sidecars' tokens. */
    public Path pods() {
        return path.resolve("pods");
    }

    /** Captured packets that nobody asked to keep elsewhere. */
    public Path captures() {
        return path.resolve("captures");
    }

    /** The mesh's roots, for sidecars. */
    public Path rootCertificate() {
        return pods().resolve("root-cert.pem");
    }

    /** What sidecars record of their start, if they are to. */
    public Path training() {
        return path.resolve("training");
    }

    /** Programs that sidecars must be able to read. */
    public Path programs() {
        return path.resolve("programs");
    }

    /**
     * Makes the folder if it is not there, and checks that it is the user's own.
     *
     * @param uid the user's numeric id
     * @throws IOException if it cannot be made, belongs to another user or is too deep for a socket
     */
    public void open(int uid) throws IOException {
        if (socket().toString().length() > MAX_SOCKET_PATH) {
            throw new IOException("the state folder " + path + " is too deep for a socket; set TANJA_LAB_HOME to a"
                    + " folder whose path is shorter than 70 characters");
        }
        for (Path folder : new Path[] {path.getParent(), path}) {
            if (folder != null && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode(uid)));
            }
            if (folder != null && !Integer.valueOf(uid).equals(Files.getAttribute(folder, "unix:uid"))) {
                throw new IOException("the state folder " + folder + " belongs to another user; set TANJA_LAB_HOME to"
                        + " a folder of your own");
            }
        }
    }

    /** Takes the lab's lock, which its daemon holds all its life; empty if another process holds it. */
    public Optional<FileLock> lock() throws IOException {
        return lock(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    private Optional<FileLock> lock(Set<StandardOpenOption> options) throws IOException {
        @SuppressWarnings("MustBeClosed") // closed with the lock, by whoever gets it
        FileChannel channel = FileChannel.open(path.resolve("lock"), options);
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(lock);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer.
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    /** Whether a lab runs in this folder. */
    public boolean isLive() throws IOException {
        // Looking must not make the file anew: the lab may be about to remove its folder.
        try {
            Optional<FileLock> lock = lock(Set.of(StandardOpenOption.WRITE));
            if (lock.isPresent()) {
                lock.get().acquiredBy().close();
                return false;
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Empties the folder of what a killed lab left and makes its parts. The lock must be held.
     *
     * @param uid the user's numeric id
     */
    public void prepare(int uid) throws IOException {
        clear(Set.of(path, path.resolve("lock"), daemonLog()));
        Set<PosixFilePermission> closed = PosixFilePermissions.fromString("rwx------");
        for (Path folder : new Path[] {path.resolve("api"), logs(), captures()}) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(closed));
        }
        for (Path folder : new Path[] {control(), pods()}) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mode(uid)));
        }
        // The control plane lists the manifests, and applications the programs.
        for (Path folder : new Path[] {manifests(), programs()}) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    /** Removes the folder, and its parent if no other lab is in it. */
    public void remove() throws IOException {
        clear(Set.of());
        Path parent = path.getParent();
        if (parent != null && Files.isDirectory(parent)) {
            try (Stream<Path> others = Files.list(parent)) {
                if (others.findAny().isEmpty()) {
                    Files.deleteIfExists(parent);
                }
            }
        }
    }

    /** Removes a folder of the lab with all that is in it; no effect if it is not there. */
    public static void delete(Path folder) throws IOException {
        new StateFolder(folder).clear(Set.of());
    }

    private void clear(Set<Path> kept) throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return delete(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // Two that clear at once meet files that are gone already.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                return delete(folder);
            }

            private FileVisitResult delete(Path file) throws IOException {
                if (!kept.contains(file)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Root's folder can be passed through, not listed: its sidecars are other users. */
    private static Set<PosixFilePermission> mode(int uid) {
        return PosixFilePermissions.fromString(uid == 0 ? "rwx--x--x" : "rwx------");
    }
}
