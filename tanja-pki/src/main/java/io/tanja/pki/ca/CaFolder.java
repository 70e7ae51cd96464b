package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.pem.PemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a CA from a folder: Istio's {@code cacerts} layout ({@code ca-cert.pem}, {@code ca-key.pem},
 * {@code cert-chain.pem}, {@code root-cert.pem}) or a TLS secret's ({@code tls.crt}, {@code tls.key}, {@code ca.crt}),
 * each with an optional {@code ca-crl.pem}. What comes back is whole: every part was checked against the others.
 */
public final class CaFolder {
    private final Path folder;

    /** @param folder where the files lie, usually a mounted secret */
    public CaFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads all files anew.
     *
     * @param now for the times of validity
     * @throws CaMaterialException if a file is missing, unreadable, or does not fit the others
     */
    public SigningMaterial load(Instant now) throws CaMaterialException {
        CaFileLayout layout = CaFileLayout.of(folder);
        try {
            X509Certificate certificate = certificates(layout.certificate()).getFirst();
            PrivateKey key = CaKeyFile.parse(path(layout.key()), text(layout.key()));
            List<X509Certificate> roots = certificates(layout.roots());
            List<X509Certificate> chain = chain(layout, certificate, roots);
            SigningMaterial material = new SigningMaterial(key, certificate, chain, roots, crls());
            new CaMaterialCheck(folder, layout).require(material, now);
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
            throw new CaMaterialException(path(layout.chain()) + ": its first certificate is not the one in "
                    + layout.certificate() + "; it must go from there up to the root");
        }
        return all.stream().filter(one -> !roots.contains(one)).toList();
    }

    private List<X509Certificate> certificates(String file) throws CaMaterialException {
        return Certificates.parse(path(file), text(file));
    }

    private List<X509CRL> crls() throws CaMaterialException {
        if (!Files.exists(folder.resolve(CaFileLayout.CRL))) {
            return List.of();
        }
        List<X509CRL> crls = new ArrayList<>();
        for (PemBlock block : Pem.parse(path(CaFileLayout.CRL), text(CaFileLayout.CRL))) {
            try {
                crls.add((X509CRL)
                        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(block.der())));
            } catch (GeneralSecurityException | RuntimeException e) {
                throw new CaMaterialException(
                        path(CaFileLayout.CRL) + " line " + block.line() + ": " + Quote.printable(block.label())
                                + " is not a readable revocation list; put it back as the CA issued it",
                        e);
            }
        }
        return crls;
    }

    private String path(String file) {
        return folder.resolve(file).toString();
    }

    private String text(String file) throws CaMaterialException {
        Path path = folder.resolve(file);
        try {
            long size = Files.size(path);
            if (size > Pem.MAX_LENGTH) {
                throw new CaMaterialException(path + ": has " + size + " bytes, more than " + Pem.MAX_LENGTH);
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CaMaterialException(
                    path + ": cannot be read (" + e.getClass().getSimpleName() + "); make it readable to this user", e);
        }
    }
}
