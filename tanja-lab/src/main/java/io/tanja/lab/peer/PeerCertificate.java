package io.tanja.lab.peer;

import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.ca.CaFolder;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.CertificateLifetimes;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.IssuedChain;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate with its key in PEM, for a peer that is not ours: a good one of the lab's own CA, or a forged one.
 *
 * @param id the identity in it
 * @param chainPem leaf first
 * @param keyPem the private key
 * @param rootsPem the roots that it chains to
 */
public record PeerCertificate(SpiffeId id, String chainPem, String keyPem, String rootsPem) {
    private static final CertificateLifetimes LIFETIMES =
            new CertificateLifetimes(Duration.ofHours(2), Duration.ofHours(2));

    /**
     * One that the lab's CA signs. The identity may be any: this is what a thief of the CA's key could do.
     *
     * @param caFolder the CA's folder in the lab's state
     */
    public static PeerCertificate of(Path caFolder, SpiffeId id, Instant now)
            throws CaMaterialException, IssuanceException {
        return issue(new CaFolder(caFolder).load(now), id, now);
    }

    /** One that a CA signs which nobody in the lab trusts. */
    public static PeerCertificate ofStranger(SpiffeId id, Instant now) throws IssuanceException {
        return issue(SelfSignedRoot.create(id.trustDomain(), now, new SecureRandom()), id, now);
    }

    private static PeerCertificate issue(SigningMaterial ca, SpiffeId id, Instant now) throws IssuanceException {
        SecureRandom random = new SecureRandom();
        KeyPair keys = KeyPairs.ecP256(random);
        IssuedChain chain = new CertificateAuthority(() -> ca, LIFETIMES, random)
                .issue(CertificateRequest.of(keys).der(), id, null, now);
        return new PeerCertificate(
                id,
                Certificates.pem(chain.handshakeChain()),
                KeyPairs.pem(keys.getPrivate()),
                Certificates.pem(chain.roots()));
    }
}
