package io.tanja.pki.pem;

import io.tanja.model.identity.Quote;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Certificates in and out of PEM and DER, and their fingerprints. */
public final class Certificates {
    private static final String LABEL = "CERTIFICATE";

    private Certificates() {}

    /**
     * The certificates in {@code text}, in order.
     *
     * @param source how messages call the text: a file's path or a field's name
     * @throws PemException if there is none, another kind of block, or one that cannot be read
     */
    public static List<X509Certificate> parse(String source, String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : Pem.parse(source, text)) {
            if (!block.label().equals(LABEL)) {
                throw new PemException(source + " line " + block.line() + ": expected CERTIFICATE, found "
                        + Quote.printable(block.label()));
            }
            try {
                certificates.add(fromDer(block.der()));
            } catch (CertificateException e) {
                throw new PemException(
                        source + " line " + block.line() + ": not a readable certificate: "
                                + Quote.printable(String.valueOf(e.getMessage())),
                        e);
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(source + ": holds no CERTIFICATE block");
        }
        return List.copyOf(certificates);
    }

    /**
     * Reads one certificate.
     *
     * @throws CertificateException if the bytes are not one
     */
    public static X509Certificate fromDer(byte[] der) throws CertificateException {
        if (der.length == 0 || der[0] != 0x30) {
            // The factory would take other forms too, PEM among them.
            throw new CertificateException("not DER");
        }
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (RuntimeException e) {
            throw new CertificateException("malformed", e);
        }
    }

    /** The PEM text of one certificate, ending in a line feed. */
    public static String pem(X509Certificate certificate) {
        return PemBlock.text(LABEL, der(certificate));
    }

    /** The PEM texts of all, one after the other. */
    public static String pem(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(pem(certificate));
        }
        return text.toString();
    }

    /** The certificate's encoding. */
    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without encoding", e);
        }
    }

    /** SHA-256 over the encoding, as 64 lower-case hexadecimal digits. */
    public static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(sha256(der(certificate)));
    }

    /** SHA-256 of {@code bytes}. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
