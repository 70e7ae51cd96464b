package io.tanja.pki.csr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class CertificateRequestTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @RepeatedTest(5) // the signature's length varies
    void bouncyCastleReadsAndVerifiesIt() throws Exception {
        KeyPair keys = KeyPairs.ecP256(RANDOM);

        PKCS10CertificationRequest read =
                new PKCS10CertificationRequest(CertificateRequest.of(keys).der());

        assertThat(read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(keys.getPublic())))
                .isTrue();
        assertThat(read.getSubjectPublicKeyInfo().getEncoded())
                .isEqualTo(keys.getPublic().getEncoded());
    }

    @Test
    void whatIsSignedEqualsWhatBouncyCastleWrites() throws Exception {
        KeyPair keys = KeyPairs.ecP256(RANDOM);
        JcaPKCS10CertificationRequestBuilder builder =
                new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic());
        PKCS10CertificationRequest theirs =
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));

        PKCS10CertificationRequest ours =
                new PKCS10CertificationRequest(CertificateRequest.of(keys).der());

        assertThat(ours.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"))
                .isEqualTo(
                        theirs.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"));
        assertThat(ours.getSignatureAlgorithm()).isEqualTo(theirs.getSignatureAlgorithm());
    }

    @Test
    void theTextCarriesTheLabelThatIstioExpects() {
        String pem = CertificateRequest.of(KeyPairs.ecP256(RANDOM)).pem();

        assertThat(pem).startsWith("-----BEGIN CERTIFICATE REQUEST-----\n");
    }

    @Test
    void aPairOfAnotherKindIsRefusedByName() throws Exception {
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThatThrownBy(() -> CertificateRequest.of(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EdDSA");
    }
}
