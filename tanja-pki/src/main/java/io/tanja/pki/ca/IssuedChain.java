package io.tanja.pki.ca;

import io.tanja.pki.pem.Certificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the CA issued, with all that a peer needs to believe it.
 *
 * @param leaf the new certificate
 * @param intermediates from the leaf's issuer upwards, without roots; empty when a root signed the leaf
 * @param roots all roots of the CA's trust domain, at least one
 */
public record IssuedChain(X509Certificate leaf, List<X509Certificate> intermediates, List<X509Certificate> roots) {
    /** Copies the lists. */
    public IssuedChain {
        intermediates = List.copyOf(intermediates);
        roots = List.copyOf(roots);
    }

    /** The leaf and its intermediates: what goes into a handshake. */
    public List<X509Certificate> handshakeChain() {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.addAll(intermediates);
        return List.copyOf(chain);
    }

    /**
     * The chain as {@code IstioCertificateResponse.cert_chain} carries it: the leaf, each intermediate in a text of its
     * own (ztunnel needs that), and last all roots in one text ({@code security/pkg/server/ca/server.go}).
     */
    public List<String> asIstioChain() {
        List<String> chain = new ArrayList<>();
        for (X509Certificate certificate : handshakeChain()) {
            chain.add(Certificates.pem(certificate));
        }
        chain.add(Certificates.pem(roots));
        return List.copyOf(chain);
    }

    /** When the leaf expires. */
    public Instant notAfter() {
        return leaf.getNotAfter().toInstant();
    }

    /** The leaf's serial number. */
    public BigInteger serial() {
        return leaf.getSerialNumber();
    }
}
