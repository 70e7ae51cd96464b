package io.tanja.proxy.launch;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.tanja.xds.grpc.ControlPlaneTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the control plane from the roots in a file. The file is read for each connection, so that a rotated root
 * takes effect; the context is made anew only when the bytes have changed. Used by the control loop only.
 */
public final class ControlPlaneRoots implements Supplier<SslContext> {
    private final Path file;
    private final SslProvider provider;
    private byte[] bytes = {};
    private @Nullable SslContext context;

    /**
     * Makes the source; nothing is read yet.
     *
     * @param file the roots, PEM
     * @param provider who does the TLS
     */
    public ControlPlaneRoots(Path file, SslProvider provider) {
        this.file = file;
        this.provider = provider;
    }

    /**
     * The context for the next connection.
     *
     * @throws UncheckedIOException if the file cannot be read or holds no certificate; the message names it
     */
    @Override
    public SslContext get() {
        try {
            byte[] now = Files.readAllBytes(file);
            SslContext made = context;
            if (made == null || !Arrays.equals(now, bytes)) {
                made = ControlPlaneTls.client(now, provider);
                context = made;
                bytes = now;
            }
            return made;
        } catch (SSLException e) {
            throw new UncheckedIOException("--root-cert-file " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("--root-cert-file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
