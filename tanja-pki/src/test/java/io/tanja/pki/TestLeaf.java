package io.tanja.pki;

import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds leaves that the CA would never issue. Without further calls: valid for a day, TLS usages, no SAN. */
public final class TestLeaf {
    private final SigningMaterial signer;
    private final Instant now;
    private final SecureRandom random;
    private final List<GeneralName> names = new ArrayList<>();
    private final List<ASN1ObjectIdentifier> unknownCritical = new ArrayList<>();
    private Duration from = Duration.ofMinutes(-2);
    private Duration until = Duration.ofHours(24);
    private boolean criticalSan = true;
    private boolean ca;
    private int keyUsage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
    private KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    private byte[] rawSan = new byte[0];

    TestLeaf(SigningMaterial signer, Instant now, SecureRandom random) {
        this.signer = signer;
        this.now = now;
        this.random = random;
    }

    /** Adds a URI SAN with this text, however wrong. */
    public TestLeaf uri(String uri) {
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        return this;
    }

    /** Adds a DNS SAN. */
    public TestLeaf dns(String name) {
        names.add(new GeneralName(GeneralName.dNSName, name));
        return this;
    }

    /** Replaces the SAN extension's value by these bytes. */
    public TestLeaf rawSan(byte[] value) {
        rawSan = value.clone();
        return this;
    }

    /** Marks the SAN extension as not critical, which makes lenient parsers keep it unread. */
    public TestLeaf uncriticalSan() {
        criticalSan = false;
        return this;
    }

    /** Validity relative to the CA's time. */
    public TestLeaf validity(Duration fromNow, Duration untilFromNow) {
        from = fromNow;
        until = untilFromNow;
        return this;
    }

    /** Only the extended key usage codeSigning. */
    public TestLeaf codeSigningOnly() {
        purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_codeSigning};
        return this;
    }

    /** Only the extended key usage serverAuth. */
    public TestLeaf serverOnly() {
        purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
        return this;
    }

    /** A key usage without digitalSignature. */
    public TestLeaf encipherOnly() {
        keyUsage = KeyUsage.keyEncipherment;
        return this;
    }

    /** A certificate that may sign others. */
    public TestLeaf asCa() {
        ca = true;
        keyUsage = KeyUsage.keyCertSign | KeyUsage.digitalSignature;
        return this;
    }

    /** Adds a critical extension that nobody knows. */
    public TestLeaf unknownCriticalExtension() {
        unknownCritical.add(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"));
        return this;
    }

    /** Signs it. */
    public TestIdentity issue() {
        return issue(new X500Name("O=test"));
    }

    private TestIdentity issue(X500Name subject) {
        KeyPair keys = KeyPairs.ecP256(random);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(
                        signer.certificate().getSubjectX500Principal().getEncoded()),
                new BigInteger(127, random),
                Date.from(now.plus(from)),
                Date.from(now.plus(until)),
                subject,
                keys.getPublic());
        try {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (!ca) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            }
            if (rawSan.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, criticalSan, rawSan);
            } else if (!names.isEmpty()) {
                ASN1Encodable san = new GeneralNames(names.toArray(GeneralName[]::new));
                builder.addExtension(Extension.subjectAlternativeName, criticalSan, san);
            }
            for (ASN1ObjectIdentifier oid : unknownCritical) {
                builder.addExtension(oid, true, new DEROctetString(new byte[] {1}));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(builder, signer.key()));
        chain.addAll(signer.intermediates());
        return new TestIdentity(keys.getPrivate(), List.copyOf(chain), signer.roots());
    }

    static SigningMaterial intermediate(SigningMaterial root, Instant now) {
        TestIdentity ca = new TestLeaf(root, now, new SecureRandom())
                .asCa()
                .validity(Duration.ofMinutes(-2), Duration.ofDays(365))
                .issue(new X500Name("O=intermediate"));
        return new SigningMaterial(ca.key(), ca.leaf(), ca.chain(), root.roots(), List.of());
    }

    static X509Certificate resign(SigningMaterial root, Instant notBefore, Instant notAfter) {
        try {
            X509CertificateHolder old = new X509CertificateHolder(Certificates.der(root.certificate()));
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    old.getIssuer(),
                    BigInteger.TWO,
                    Date.from(notBefore),
                    Date.from(notAfter),
                    old.getSubject(),
                    old.getSubjectPublicKeyInfo());
            for (Object oid : old.getExtensionOIDs()) {
                builder.addExtension(old.getExtension((ASN1ObjectIdentifier) oid));
            }
            return sign(builder, root.key());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return Certificates.fromDer(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded());
        } catch (OperatorCreationException | IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
