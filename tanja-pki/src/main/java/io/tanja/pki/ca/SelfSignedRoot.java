package io.tanja.pki.ca;

import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** Makes a root of our own, for a mesh that has none plugged in. */
public final class SelfSignedRoot {
    /** As Istio's: 3650 days. */
    public static final Duration LIFETIME = Duration.ofDays(3650);

    private SelfSignedRoot() {}

    /** A new EC P-256 root for ten years, its organization the trust domain. */
    public static SigningMaterial create(TrustDomain trustDomain, Instant now, SecureRandom random) {
        return create(trustDomain, LIFETIME, now, random);
    }

    /**
     * A new EC P-256 root.
     *
     * @param lifetime from {@code now}; notBefore is 2 minutes earlier
     */
    public static SigningMaterial create(TrustDomain trustDomain, Duration lifetime, Instant now, SecureRandom random) {
        KeyPair keys = KeyPairs.ecP256(random);
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, trustDomain.name())
                .build();
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        X509Certificate root = CertificateSigner.begin(
                        name,
                        name,
                        issued.minus(CertificateAuthority.CLOCK_SKEW),
                        issued.plus(lifetime),
                        keys.getPublic(),
                        random)
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .with(Extension.basicConstraints, true, new BasicConstraints(true))
                .with(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(keys.getPublic())))
                .sign(keys.getPrivate());
        return new SigningMaterial(keys.getPrivate(), root, List.of(), List.of(root), List.of());
    }

    /** RFC 7093 section 2, method 4, cut to the usual 20 bytes. */
    private static byte[] keyId(PublicKey key) {
        return Arrays.copyOf(Certificates.sha256(key.getEncoded()), 20);
    }
}
