package io.tanja.proxy.identity;

import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.PemException;
import io.tanja.pki.trust.PeerExpectation;
import io.tanja.pki.trust.PeerRole;
import io.tanja.pki.trust.PeerVerdict;
import io.tanja.pki.trust.PeerVerifier;
import io.tanja.pki.trust.TrustBundle;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Makes an identity of what the CA issued, after judging it as any peer would: pure but for the certificate parser. */
final class IssuedIdentity {
    private IssuedIdentity() {}

    /**
     * Checks and makes an identity. The checks are those of a peer in both roles, so that the proxy learns of a useless
     * certificate here and not from refused connections; they also warm the verifier up before the first handshake.
     *
     * @param keys the pair that the request was made with
     * @param pem the leaf, then intermediates, then all roots in the last element
     * @param expected who we are
     */
    static IdentitySnapshot of(KeyPair keys, List<String> pem, SpiffeId expected, Instant now)
            throws BadCertificateException {
        if (pem.size() < 2) {
            throw new BadCertificateException("the CA sent " + pem.size() + " elements, expected a leaf and its roots");
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (int i = 0; i < pem.size() - 1; i++) {
                chain.addAll(Certificates.parse("element " + i + " of the CA's answer", pem.get(i)));
            }
            List<X509Certificate> roots = Certificates.parse("the last element of the CA's answer", pem.getLast());
            return check(keys, chain, roots, expected, now);
        } catch (PemException e) {
            throw new BadCertificateException(String.valueOf(e.getMessage()));
        }
    }

    private static IdentitySnapshot check(
            KeyPair keys, List<X509Certificate> chain, List<X509Certificate> roots, SpiffeId expected, Instant now)
            throws BadCertificateException {
        X509Certificate leaf = chain.getFirst();
        byte[] certified = leaf.getPublicKey().getEncoded();
        if (!Arrays.equals(certified, keys.getPublic().getEncoded())) {
            throw new BadCertificateException("the certificate is for another key than the one in the request");
        }
        byte[][] der = new byte[chain.size()][];
        for (int i = 0; i < der.length; i++) {
            der[i] = Certificates.der(chain.get(i));
        }
        PeerVerifier verifier = new PeerVerifier(TrustBundle.of(expected.trustDomain(), roots));
        PeerExpectation ourselves = new PeerExpectation.Exactly(Set.of(expected));
        for (PeerRole role : PeerRole.values()) {
            if (verifier.verify(der, role, ourselves, now) instanceof PeerVerdict.Rejected rejected) {
                throw new BadCertificateException(rejected.reason().label() + ": " + rejected.detail());
            }
        }
        return new IdentitySnapshot(
                expected, keys.getPrivate(), chain, roots, leaf.getNotAfter().toInstant());
    }
}
