package io.tanja.pki.ca;

import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a CA signs with. Made by {@link SelfSignedRoot} and {@link CaFolder}, which check that the parts fit together.
 *
 * @param key the private key of {@code certificate}
 * @param certificate the signing certificate: a root or an intermediate
 * @param intermediates what a leaf's chain needs between the leaf and a root: empty if {@code certificate} is a root,
 *     else it first
 * @param roots all roots of the trust domain, at least one
 * @param crls revocation lists that came with a plugged-in CA
 */
public record SigningMaterial(
        PrivateKey key,
        X509Certificate certificate,
        List<X509Certificate> intermediates,
        List<X509Certificate> roots,
        List<X509CRL> crls) {
    /** Copies the lists. */
    public SigningMaterial {
        intermediates = List.copyOf(intermediates);
        roots = List.copyOf(roots);
        crls = List.copyOf(crls);
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "SigningMaterial[" + certificate.getSubjectX500Principal() + ", intermediates=" + intermediates.size()
                + ", roots=" + roots.size() + "]";
    }
}
