package io.tanja.pki.ca;

import io.tanja.model.identity.SpiffeId;
import java.net.InetAddress;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Issues certificates for identities that somebody else has attested. Whatever names a request asks for are ignored; the
 * form of the certificate is Istio's ({@code security/pkg/pki/util/generate_cert.go}).
 *
 * <p>Safe for use by several threads: each call takes one {@link SigningMaterial} and keeps to it.
 */
public final class CertificateAuthority {
    /** How far notBefore is set back, for peers whose clock is behind. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

    private static final X500Name NO_SUBJECT = new X500Name(new RDN[0]);

    private final Supplier<SigningMaterial> material;
    private final CertificateLifetimes lifetimes;
    private final SecureRandom random;

    /**
     * @param material asked once per certificate, so that a reloaded CA takes effect at once
     * @param random where serial numbers come from
     */
    public CertificateAuthority(
            Supplier<SigningMaterial> material, CertificateLifetimes lifetimes, SecureRandom random) {
        this.material = material;
        this.lifetimes = lifetimes;
        this.random = random;
    }

    /** What the CA signs with now. */
    public SigningMaterial material() {
        return material.get();
    }

    /**
     * Issues a workload certificate.
     *
     * @param csr a PKCS#10 request in PEM or DER, at most 16 KiB; only its public key is used
     * @param caller the attested identity, which becomes the only name in the certificate
     * @param requested the lifetime asked for; null, zero or negative for the standard one
     * @param now the time of issue; notBefore is 2 minutes earlier
     * @throws IssuanceException if the request, its key or its lifetime is refused, or the CA cannot sign now
     */
    public IssuedChain issue(byte[] csr, SpiffeId caller, @Nullable Duration requested, Instant now)
            throws IssuanceException {
        Duration lifetime = lifetimes.grant(requested);
        SigningRequest request = SigningRequest.read(csr);
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, caller.uri()));
        return sign(request.publicKey(), names, lifetime, now);
    }

    /**
     * Issues the certificate with which the control plane itself serves.
     *
     * @throws IssuanceException if the lifetime is refused, or the CA cannot sign now
     */
    public IssuedChain issueServing(PublicKey key, ServingNames server, @Nullable Duration requested, Instant now)
            throws IssuanceException {
        List<GeneralName> names = new ArrayList<>();
        for (String name : server.dns()) {
            names.add(new GeneralName(GeneralName.dNSName, name));
        }
        for (InetAddress address : server.addresses()) {
            names.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress())));
        }
        return sign(key, new GeneralNames(names.toArray(GeneralName[]::new)), lifetimes.grant(requested), now);
    }

    private IssuedChain sign(PublicKey key, GeneralNames names, Duration lifetime, Instant now)
            throws IssuanceException {
        SigningMaterial signer = material.get();
        requireValid(signer.certificate(), now);
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        Instant notAfter = earlier(
                issued.plus(lifetime), signer.certificate().getNotAfter().toInstant());
        X500Name issuer = X500Name.getInstance(
                signer.certificate().getSubjectX500Principal().getEncoded());
        CertificateSigner leaf = CertificateSigner.begin(
                        issuer, NO_SUBJECT, issued.minus(CLOCK_SKEW), notAfter, key, random)
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
                .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }))
                .with(Extension.basicConstraints, true, new BasicConstraints(false));
        byte[] issuerKeyId = signer.certificate().getExtensionValue(Extension.subjectKeyIdentifier.getId());
        if (issuerKeyId != null) {
            byte[] id = SubjectKeyIdentifier.getInstance(
                            DEROctetString.getInstance(issuerKeyId).getOctets())
                    .getKeyIdentifier();
            leaf.with(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(id));
        }
        // Critical because the subject is empty: RFC 5280 section 4.2.1.6.
        leaf.with(Extension.subjectAlternativeName, true, names);
        return new IssuedChain(leaf.sign(signer.key()), signer.intermediates(), signer.roots());
    }

    private static void requireValid(X509Certificate signer, Instant now) throws IssuanceException {
        Instant from = signer.getNotBefore().toInstant();
        Instant until = signer.getNotAfter().toInstant();
        if (now.isBefore(from) || !now.isBefore(until)) {
            throw new IssuanceException(
                    IssuanceRefusal.SIGNER_NOT_VALID,
                    "the CA's certificate is valid from " + from + " until " + until + ", now is " + now
                            + ": put a valid CA certificate in its place");
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
