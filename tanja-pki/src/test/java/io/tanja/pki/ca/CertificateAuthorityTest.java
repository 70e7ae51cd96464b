package io.tanja.pki.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.TestPki;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00.750Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TestPki PKI = TestPki.create(NOW);
    private static final SpiffeId CART = PKI.id("shop", "cart");

    private final KeyPair keys = KeyPairs.ecP256(RANDOM);
    private final CertificateRequest request = CertificateRequest.of(keys);

    @Test
    void theLeafHasIstiosForm() throws Exception {
        X509Certificate leaf =
                PKI.authority().issue(request.der(), CART, null, NOW).leaf();

        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        assertThat(names).hasSize(1);
        assertThat(List.<Object>copyOf(names.iterator().next())).containsExactly(6, CART.uri());
        assertThat(leaf.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.17", "2.5.29.19");
        assertThat(leaf.getNonCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.37", "2.5.29.35");
        assertThat(leaf.getKeyUsage()).containsExactly(true, false, true, false, false, false, false, false, false);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-11-23T05:58:00Z"));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2026-11-24T06:00:00Z"));
        assertThat(leaf.getSerialNumber().bitLength()).isBetween(120, 128);
        assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
        leaf.verify(PKI.roots().getFirst().getPublicKey());
    }

    @Test
    void whateverTheRequestAsksForIsIgnored() throws Exception {
        ExtensionsGenerator wanted = new ExtensionsGenerator();
        wanted.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://cluster.local/ns/bank/sa/vault"),
            new GeneralName(GeneralName.dNSName, "istiod.istio-system.svc")
        }));
        wanted.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        JcaPKCS10CertificationRequestBuilder greedy =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=vault"), keys.getPublic());
        greedy.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted.generate());
        byte[] csr = greedy.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();

        X509Certificate leaf = PKI.authority().issue(csr, CART, null, NOW).leaf();

        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(1);
        assertThat(leaf.getSubjectAlternativeNames().toString()).contains(CART.uri());
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"PT1H, PT1H", "PT0S, PT24H", "PT-5S, PT24H", "P90D, P90D", "PT10S, PT10S"})
    void lifetimesAreGrantedFromNow(Duration requested, Duration granted) throws Exception {
        IssuedChain issued = PKI.authority().issue(request.der(), CART, requested, NOW);

        assertThat(issued.notAfter())
                .isEqualTo(Instant.parse("2026-11-23T06:00:00Z").plus(granted));
    }

    @Test
    void moreThanTheLongestLifetimeIsAnErrorAndNotShortened() {
        assertRefused(
                IssuanceRefusal.LIFETIME_TOO_LONG,
                "PT2160H1S was requested, at most PT2160H",
                () -> PKI.authority()
                        .issue(request.der(), CART, Duration.ofDays(90).plusSeconds(1), NOW));
    }

    @Test
    void theLeafNeverOutlivesItsSigner() throws Exception {
        SigningMaterial brief = SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, Duration.ofHours(3), NOW, RANDOM);

        IssuedChain issued = authority(brief).issue(request.der(), CART, null, NOW);

        assertThat(issued.notAfter())
                .isEqualTo(brief.certificate().getNotAfter().toInstant())
                .isEqualTo(Instant.parse("2026-11-23T09:00:00Z"));
    }

    @Test
    void aSignerOutsideItsValidityDoesNotSign() {
        Instant tooLate = NOW.plus(Duration.ofDays(3651));
        Instant tooEarly = NOW.minus(Duration.ofHours(1));

        assertRefused(
                IssuanceRefusal.SIGNER_NOT_VALID,
                "now is " + tooLate,
                () -> PKI.authority().issue(request.der(), CART, null, tooLate));
        assertRefused(
                IssuanceRefusal.SIGNER_NOT_VALID,
                "now is " + tooEarly,
                () -> PKI.authority().issue(request.der(), CART, null, tooEarly));
    }

    @Test
    void theChainIsIstios() throws Exception {
        TestPki below = PKI.intermediate();

        IssuedChain issued =
                below.authority().issue(request.pem().getBytes(StandardCharsets.US_ASCII), CART, null, NOW);
        List<String> chain = issued.asIstioChain();

        assertThat(chain).hasSize(3);
        assertThat(Certificates.parse("leaf", chain.getFirst())).containsExactly(issued.leaf());
        assertThat(Certificates.parse("intermediate", chain.get(1)))
                .containsExactly(below.material().certificate());
        assertThat(Certificates.parse("roots", chain.getLast())).isEqualTo(PKI.roots());
    }

    @Test
    void allRootsStandInTheLastTextEvenWithoutIntermediates() throws Exception {
        X509Certificate second = TestPki.create(NOW).roots().getFirst();
        SigningMaterial own = PKI.material();
        SigningMaterial twoRoots = new SigningMaterial(
                own.key(), own.certificate(), List.of(), List.of(own.certificate(), second), List.of());

        List<String> chain =
                authority(twoRoots).issue(request.der(), CART, null, NOW).asIstioChain();

        assertThat(chain).hasSize(2);
        assertThat(Certificates.parse("roots", chain.getLast())).containsExactly(own.certificate(), second);
    }

    @Test
    void serialNumbersDoNotRepeat() throws Exception {
        Set<Object> serials = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            serials.add(PKI.authority().issue(request.der(), CART, null, NOW).serial());
        }
        assertThat(serials).hasSize(50);
    }

    @Test
    void aServingCertificateCarriesHostNamesAndAddresses() throws Exception {
        ServingNames names =
                new ServingNames(List.of("istiod.istio-system.svc"), List.of(InetAddress.getByName("10.0.0.1")));

        X509Certificate leaf =
                PKI.authority().issueServing(keys.getPublic(), names, null, NOW).leaf();

        assertThat(leaf.getSubjectAlternativeNames().toString()).contains("istiod.istio-system.svc", "10.0.0.1");
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(2);
        assertThatThrownBy(() -> new ServingNames(List.of(), List.of())).hasMessageContaining("needs a DNS name");
        assertThatThrownBy(() -> new ServingNames(List.of("Bad_Name"), List.of()))
                .hasMessageContaining("Bad_Name");
    }

    private static CertificateAuthority authority(SigningMaterial material) {
        return new CertificateAuthority(() -> material, CertificateLifetimes.ISTIO, RANDOM);
    }

    static void assertRefused(IssuanceRefusal reason, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(IssuanceException.class, refused -> {
            assertThat(refused).hasMessageContaining(message);
            assertThat(refused.reason()).isEqualTo(reason);
        });
    }
}
