package io.tanja.pki.ca;

import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A self-signed root that outlives its process in a folder of the {@code cacerts} layout: the only key of the mesh that
 * ever touches a disk, readable by its owner alone.
 */
public final class KeptRoot {
    private final Path folder;

    /** @param folder missing or empty before the first use; belongs to this class alone */
    public KeptRoot(Path folder) {
        this.folder = folder;
    }

    /**
     * The root in the folder, or a new one that is in the folder when this returns: whole or not at all, whatever stops
     * the process.
     *
     * @throws CaMaterialException if the folder holds a broken root or cannot be written; nothing is replaced then, as a
     *     new root would cut off every workload that trusts the old one
     */
    public SigningMaterial loadOrCreate(TrustDomain trustDomain, Instant now, SecureRandom random)
            throws CaMaterialException {
        try {
            if (isEmpty()) {
                write(SelfSignedRoot.create(trustDomain, now, random));
            }
        } catch (IOException e) {
            throw new CaMaterialException(
                    folder + ": the root cannot be kept there (" + e + "); give a folder that this user can write", e);
        }
        try {
            return new CaFolder(folder).load(now);
        } catch (CaMaterialException e) {
            throw new CaMaterialException(
                    e.getMessage() + "; or remove " + folder + " to begin with a new root, which every workload then"
                            + " has to learn",
                    e);
        }
    }

    private boolean isEmpty() throws IOException {
        if (Files.notExists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private void write(SigningMaterial root) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("the file system's root cannot be the folder");
        }
        Files.createDirectories(parent);
        // Made aside and renamed over the folder, which works on a missing and on an empty one.
        Path made = Files.createTempDirectory(
                parent,
                ".new-root-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        CaFileLayout layout = CaFileLayout.CACERTS;
        try {
            write(made.resolve(layout.key()), "rw-------", KeyPairs.pem(root.key()));
            String pem = Certificates.pem(root.certificate());
            for (String file : List.of(layout.certificate(), layout.chain(), layout.roots())) {
                write(made.resolve(file), "rw-r--r--", pem);
            }
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(made);
            throw e;
        }
    }

    private static void write(Path file, String permissions, String text) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void remove(Path made) throws IOException {
        try (Stream<Path> files = Files.list(made)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(made);
    }
}
