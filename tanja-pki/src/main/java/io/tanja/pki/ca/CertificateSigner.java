package io.tanja.pki.ca;

import io.tanja.pki.pem.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The last step of issuing: one certificate, its extensions in the order they were added, signed. */
final class CertificateSigner {
    private final X509v3CertificateBuilder builder;

    private CertificateSigner(X509v3CertificateBuilder builder) {
        this.builder = builder;
    }

    /** Begins a certificate with a random serial number of 128 bits. */
    static CertificateSigner begin(
            X500Name issuer,
            X500Name subject,
            Instant notBefore,
            Instant notAfter,
            PublicKey key,
            RandomGenerator random) {
        byte[] serial = new byte[16];
        random.nextBytes(serial);
        serial[0] |= 0x40; // never zero, and always of the same length
        return new CertificateSigner(new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, serial),
                Date.from(notBefore),
                Date.from(notAfter),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded())));
    }

    CertificateSigner with(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(extension, critical, value);
        } catch (IOException e) {
            throw new IllegalStateException("extension " + extension + " cannot be encoded", e);
        }
        return this;
    }

    /** Signs with the JDK's own providers, with the hash that fits the key. */
    X509Certificate sign(PrivateKey key) {
        try {
            byte[] der = builder.build(new JcaContentSignerBuilder(algorithm(key)).build(key))
                    .getEncoded();
            return Certificates.fromDer(der);
        } catch (OperatorCreationException | IOException | CertificateException e) {
            throw new IllegalStateException("cannot sign with a key of algorithm " + key.getAlgorithm(), e);
        }
    }

    /** The signature algorithm for a key that {@link CaFolder} lets in. */
    static String algorithm(PrivateKey key) {
        if (key instanceof ECPrivateKey ec) {
            return ec.getParams().getOrder().bitLength() > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
        }
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "Ed25519";
    }
}
