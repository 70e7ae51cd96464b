package io.tanja.diagnose.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod with a sidecar, as the API server and its proxy know it.
 *
 * @param name {@code shop/web-1}
 * @param version tag or digest of its proxy's image; empty if not known
 * @param running whether it runs
 * @param expiry when its certificate expires, or why that is not known
 */
public record MeshedPod(String name, String version, boolean running, CertificateExpiry expiry) {

    /** When a proxy's certificate expires, as the proxy says. */
    public sealed interface CertificateExpiry {
        /** When, or null. */
        @Nullable
        Instant time();

        /** Why not; empty if it is known. */
        String reason();
    }

    /**
     * It is known.
     *
     * @param time when, to a few seconds
     */
    public record Expires(Instant time) implements CertificateExpiry {
        @Override
        public String reason() {
            return "";
        }
    }

    /**
     * It is not known.
     *
     * @param reason why
     */
    public record NotKnown(String reason) implements CertificateExpiry {
        @Override
        public @Nullable Instant time() {
            return null;
        }
    }
}
