package io.tanja.lab.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh's roots as sidecars find them: a copy that follows the CA's own file, as the ConfigMap {@code
 * istio-ca-root-cert} does on a cluster. {@link #refresh} is for one thread, {@link #await} for any.
 */
public final class RootCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(RootCertificate.class);

    private final Path source;
    private final Path copy;
    private final CountDownLatch there = new CountDownLatch(1);
    private byte[] last = {};

    /**
     * Nothing is there until the control plane has made its CA.
     *
     * @param source the CA's file
     * @param copy a file that every sidecar can read
     */
    public RootCertificate(Path source, Path copy) {
        this.source = source;
        this.copy = copy;
    }

    /** Copies the file if it has changed. */
    public void refresh() {
        try {
            byte[] now = Files.readAllBytes(source);
            if (!Arrays.equals(now, last)) {
                Path made = copy.resolveSibling("." + copy.getFileName());
                Files.write(made, now);
                Files.move(made, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                last = now;
                there.countDown();
            }
        } catch (NoSuchFileException e) {
            LOG.trace("the CA has no root yet", e);
        } catch (IOException e) {
            LOG.warn("the root certificate cannot be copied to {}", copy, e);
        }
    }

    /**
     * Waits until there is a root.
     *
     * @return the file
     * @throws IOException if there is none within {@code timeout}
     */
    public Path await(Duration timeout) throws IOException {
        try {
            if (there.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return copy;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the control plane has made no root certificate within " + timeout.toSeconds()
                + " s; see tanja lab logs control-plane");
    }
}
