package io.tanja.proxy.identity;

import io.tanja.model.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * One identity with all that a handshake needs. Key, chain and roots change together or not at all; a connection keeps
 * the snapshot that it started with.
 *
 * @param id the identity in the leaf
 * @param key the leaf's private key; it exists in this process only
 * @param chain the leaf, then its intermediates, without the root
 * @param roots the trusted roots
 * @param notAfter when the leaf expires
 */
public record IdentitySnapshot(
        SpiffeId id, PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots, Instant notAfter) {
    /** Copies the lists. */
    public IdentitySnapshot {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "IdentitySnapshot[" + id + ", notAfter=" + notAfter + "]";
    }
}
