package io.tanja.lab.mesh;

import io.tanja.control.ca.SignedTokenAuthenticator;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Privileges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What a sidecar shows to the control plane and trusts of it: a token of its service account, which stands in for the
 * cluster's projected one, and the mesh's roots. Safe for use by several pods' threads.
 */
public final class PodCredentials {
    /** Longer than a lab lives: nobody renews tokens here as a kubelet does. */
    private static final Duration TOKEN_LIFETIME = Duration.ofDays(30);

    private static final long ROOTS_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 20;

    private final TokenIssuer issuer;
    private final Path roots;
    private final Path folder;
    private final boolean root;
    private final InstantSource clock;

    /**
     * Makes it.
     *
     * @param issuer signs the tokens
     * @param roots the file in which the control plane keeps its roots
     * @param folder where the pods' files go; sidecars must be able to enter it
     * @param root whether it is a lab of root, whose sidecars have a user of their own
     */
    public PodCredentials(TokenIssuer issuer, Path roots, Path folder, boolean root, InstantSource clock) {
        this.issuer = issuer;
        this.roots = roots;
        this.folder = folder;
        this.root = root;
        this.clock = clock;
    }

    /** The files of one pod. */
    record Files(Path token, Path roots) {}

    /** Makes a pod's files; waits for the control plane's roots, which a new CA has to make first. */
    Files issue(PodPlan pod) throws IOException {
        TokenSubject subject = new TokenSubject(pod.namespace(), pod.serviceAccount(), pod.name(), pod.toString());
        String token = issuer.issue(subject, SignedTokenAuthenticator.AUDIENCE, TOKEN_LIFETIME, clock.instant());
        Path own = folder.resolve(pod.namespace() + "_" + pod.name());
        Path tokenFile =
                write(own.resolveSibling(own.getFileName() + ".token"), token.getBytes(StandardCharsets.US_ASCII));
        Path rootsFile = write(own.resolveSibling(own.getFileName() + ".roots.pem"), awaitRoots());
        return new Files(tokenFile, rootsFile);
    }

    private byte[] awaitRoots() throws IOException {
        for (long waited = 0; ; waited += LOOK_MILLIS) {
            try {
                return java.nio.file.Files.readAllBytes(roots);
            } catch (NoSuchFileException notYet) {
                if (waited > ROOTS_MILLIS) {
                    throw new IOException(
                            "the control plane has made no CA within " + ROOTS_MILLIS / 1000
                                    + " s; see tanja lab status and its log",
                            notYet);
                }
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for the CA");
            }
        }
    }

    private Path write(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        java.nio.file.Files.deleteIfExists(part);
        java.nio.file.Files.createFile(
                part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        java.nio.file.Files.write(part, content);
        if (root) {
            java.nio.file.Files.setAttribute(part, "unix:uid", Privileges.SIDECAR_UID);
        }
        return java.nio.file.Files.move(
                part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
