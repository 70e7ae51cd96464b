package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.pem.PemException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes signing material of a CA's parts, or tells which of them is wrong. Pure. */
final class CaReading {
    private final CaFiles files;

    private CaReading(CaFiles files) {
        this.files = files;
    }

    /** @throws CaMaterialException if a part is missing, unreadable, or does not fit the others */
    static SigningMaterial read(CaFiles files, Instant now) throws CaMaterialException {
        return new CaReading(files).load(now);
    }

    private SigningMaterial load(Instant now) throws CaMaterialException {
        CaFileLayout layout = CaFileLayout.of(files);
        try {
            X509Certificate certificate = certificates(layout.certificate()).getFirst();
            PrivateKey key = CaKeyFile.parse(files.path(layout.key()), files.text(layout.key()));
            List<X509Certificate> roots = certificates(layout.roots());
            List<X509Certificate> chain = chain(layout, certificate, roots);
            SigningMaterial material = new SigningMaterial(key, certificate, chain, roots, crls());
            new CaMaterialCheck(files, layout).require(material, now);
            return material;
        } catch (PemException e) {
            throw new CaMaterialException(e.getMessage() + "; put the file back as it was issued", e);
        }
    }

    /** The certificates from the signing one up, without roots; empty if it is a root itself. */
    private List<X509Certificate> chain(CaFileLayout layout, X509Certificate certificate, List<X509Certificate> roots)
            throws CaMaterialException {
        if (roots.contains(certificate)) {
            return List.of();
        }
        List<X509Certificate> all = certificates(layout.chain());
        if (!all.getFirst().equals(certificate)) {
            throw new CaMaterialException(files.path(layout.chain()) + ": its first certificate is not the one in "
                    + layout.certificate() + "; it must go from there up to the root");
        }
        return all.stream().filter(one -> !roots.contains(one)).toList();
    }

    private List<X509Certificate> certificates(String file) throws CaMaterialException {
        return Certificates.parse(files.path(file), files.text(file));
    }

    private List<X509CRL> crls() throws CaMaterialException {
        if (!files.has(CaFileLayout.CRL)) {
            return List.of();
        }
        List<X509CRL> crls = new ArrayList<>();
        for (PemBlock block : Pem.parse(files.path(CaFileLayout.CRL), files.text(CaFileLayout.CRL))) {
            try {
                crls.add((X509CRL)
                        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(block.der())));
            } catch (GeneralSecurityException | RuntimeException e) {
                throw new CaMaterialException(
                        files.path(CaFileLayout.CRL) + " line " + block.line() + ": " + Quote.printable(block.label())
                                + " is not a readable revocation list; put it back as the CA issued it",
                        e);
            }
        }
        return crls;
    }
}
