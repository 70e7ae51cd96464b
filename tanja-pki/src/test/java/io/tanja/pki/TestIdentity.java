package io.tanja.pki;

import io.tanja.pki.ca.IssuedChain;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A key with its certificate, for a test.
 *
 * @param key the leaf's private key
 * @param chain the leaf, then its intermediates
 * @param roots the roots of the CA that issued it
 */
public record TestIdentity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
    /** What the CA issued for {@code key}. */
    public TestIdentity(PrivateKey key, IssuedChain issued) {
        this(key, issued.handshakeChain(), issued.roots());
    }

    /** The leaf. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** When the leaf expires. */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** The chain in DER, as a TLS provider hands it over. */
    public byte[][] derChain() {
        return chain.stream().map(Certificates::der).toArray(byte[][]::new);
    }

    /** The key as PKCS#8 PEM. */
    public String keyPem() {
        return KeyPairs.pem(key);
    }

    /** The chain as PEM. */
    public String chainPem() {
        return Certificates.pem(chain);
    }

    /** The roots as PEM. */
    public String rootsPem() {
        return Certificates.pem(roots);
    }
}
