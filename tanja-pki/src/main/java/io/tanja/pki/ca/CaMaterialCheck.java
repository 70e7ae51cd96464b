package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.trust.CertificatePath;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Whether the parts of a CA fit together; each failure names the file and the remedy. */
final class CaMaterialCheck {
    private static final int KEY_CERT_SIGN = 5;

    private final CaFiles files;
    private final CaFileLayout layout;

    CaMaterialCheck(CaFiles files, CaFileLayout layout) {
        this.files = files;
        this.layout = layout;
    }

    void require(SigningMaterial material, Instant now) throws CaMaterialException {
        X509Certificate signing = material.certificate();
        requireCa(layout.certificate(), signing);
        if (!CaKeyFile.matches(material.key(), signing.getPublicKey())) {
            throw wrong(layout.key(), "is not the key of " + layout.certificate() + "; put the matching pair there");
        }
        requireValid(layout.certificate(), signing, now);
        for (X509Certificate intermediate : material.intermediates()) {
            requireCa(layout.chain(), intermediate);
            requireValid(layout.chain(), intermediate, now);
        }
        for (X509Certificate root : material.roots()) {
            requireCa(layout.roots(), root);
        }
        requireValid(layout.roots(), root(material, now), now);
    }

    /** The root at which the chain ends. */
    private X509Certificate root(SigningMaterial material, Instant now) throws CaMaterialException {
        List<X509Certificate> chain = new ArrayList<>(material.intermediates());
        if (chain.isEmpty()) {
            return material.certificate();
        }
        return switch (CertificatePath.validate(chain, material.roots(), now)) {
            case CertificatePath.Outcome.Valid valid -> valid.root();
            case CertificatePath.Outcome.NoRoot noRoot ->
                throw wrong(
                        layout.chain(),
                        "ends at a certificate issued by \""
                                + Quote.printable(
                                        chain.getLast().getIssuerX500Principal().getName())
                                + "\", which is not signed by a root in " + layout.roots()
                                + "; add the missing intermediate or the right root");
            case CertificatePath.Outcome.Broken broken ->
                throw wrong(
                        layout.chain(),
                        "does not verify up to " + layout.roots() + " (" + Quote.printable(broken.why())
                                + "); it must list each issuer after what it issued");
        };
    }

    private void requireCa(String file, X509Certificate certificate) throws CaMaterialException {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || usage != null && !usage[KEY_CERT_SIGN]) {
            throw wrong(
                    file,
                    "\"" + Quote.printable(certificate.getSubjectX500Principal().getName())
                            + "\" is not a CA certificate (basicConstraints CA:TRUE and keyUsage keyCertSign);"
                            + " have the intermediate issued as a CA");
        }
    }

    private void requireValid(String file, X509Certificate certificate, Instant now) throws CaMaterialException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw wrong(
                    file,
                    "\"" + Quote.printable(certificate.getSubjectX500Principal().getName()) + "\" is valid from " + from
                            + " until " + until + ", now is " + now + "; replace it by a valid one");
        }
    }

    private CaMaterialException wrong(String file, String what) {
        return new CaMaterialException(files.path(file) + ": " + what);
    }
}
