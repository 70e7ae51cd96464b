package io.tanja.pki.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.PemBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaFolderTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final TestPki ROOT = TestPki.create(NOW);
    private static final SigningMaterial CA = ROOT.intermediate().material();

    @TempDir
    Path folder;

    @BeforeEach
    void writeAWholeCa() throws IOException {
        write("ca-cert.pem", Certificates.pem(CA.certificate()));
        write("ca-key.pem", KeyPairs.pem(CA.key()));
        write("cert-chain.pem", Certificates.pem(CA.intermediates()) + Certificates.pem(CA.roots()));
        write("root-cert.pem", Certificates.pem(CA.roots()));
    }

    @Test
    void aWholeCaIsLoaded() throws Exception {
        assertThat(new CaFolder(folder).load(NOW)).isEqualTo(CA);
    }

    @Test
    void aTlsSecretIsLoaded(@TempDir Path secret) throws Exception {
        Files.writeString(secret.resolve("tls.crt"), Certificates.pem(CA.intermediates()));
        Files.writeString(secret.resolve("tls.key"), KeyPairs.pem(CA.key()));
        Files.writeString(secret.resolve("ca.crt"), Certificates.pem(CA.roots()));

        assertThat(new CaFolder(secret).load(NOW)).isEqualTo(CA);
    }

    @Test
    void aRootThatSignsItselfNeedsNoIntermediates() throws Exception {
        SigningMaterial root = ROOT.material();
        write("ca-cert.pem", Certificates.pem(root.certificate()));
        write("ca-key.pem", KeyPairs.pem(root.key()));
        write("cert-chain.pem", "");

        assertThat(new CaFolder(folder).load(NOW)).isEqualTo(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"})
    void anIncompleteFolderIsRefused(String missing) throws IOException {
        Files.delete(folder.resolve(missing));

        assertRefused(missing + " missing; a plugged-in CA needs ca-cert.pem, ca-key.pem, cert-chain.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"})
    void aDamagedFileIsNamed(String damaged) throws IOException {
        write(damaged, Files.readString(folder.resolve(damaged)).replaceFirst("-----END", "-----"));

        assertRefused(folder.resolve(damaged) + " line 1: ", "no matching END");
    }

    @Test
    void anEmptyOrMissingFolderIsRefused(@TempDir Path empty) {
        assertThatThrownBy(() -> new CaFolder(empty).load(NOW))
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem missing");
        assertThatThrownBy(() -> new CaFolder(empty.resolve("no")).load(NOW)).hasMessageContaining("is not a folder");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        write("ca-key.pem", KeyPairs.pem(KeyPairs.ecP256(new SecureRandom()).getPrivate()));

        assertRefused("ca-key.pem: is not the key of ca-cert.pem; put the matching pair there");
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        write("ca-key.pem", KeyPairs.pem(rsa().getPrivate()));

        assertRefused("ca-key.pem: is not the key of ca-cert.pem");
    }

    @Test
    void anExpiredCaIsRefusedWithItsTimes() {
        Instant later = NOW.plus(Duration.ofDays(400));

        assertThatThrownBy(() -> new CaFolder(folder).load(later))
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("ca-cert.pem: \"O=intermediate\" is valid from")
                .hasMessageContaining("now is " + later)
                .hasMessageContaining("replace it");
    }

    @Test
    void aChainThatBeginsElsewhereIsRefused() throws IOException {
        write("cert-chain.pem", Certificates.pem(CA.roots()));

        assertRefused("cert-chain.pem: its first certificate is not the one in ca-cert.pem");
    }

    @Test
    void aChainToAnotherRootIsRefused() throws IOException {
        write("root-cert.pem", Certificates.pem(TestPki.create(NOW).roots()));
        write("cert-chain.pem", Certificates.pem(CA.intermediates()));

        assertRefused("cert-chain.pem: ends at a certificate issued by \"O=cluster.local\"", "not signed by a root");
    }

    @Test
    void aLeafIsNotACa() throws IOException {
        TestIdentity leaf = ROOT.leaf("shop", "cart");
        write("ca-cert.pem", leaf.chainPem());
        write("ca-key.pem", leaf.keyPem());
        write("cert-chain.pem", leaf.chainPem());

        assertRefused("ca-cert.pem", "is not a CA certificate");
    }

    @Test
    void keysInOpensslsOlderFormsAreRead() throws Exception {
        byte[] sec1 = PrivateKeyInfo.getInstance(CA.key().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        KeyPair rsa = rsa();
        byte[] pkcs1 = PrivateKeyInfo.getInstance(rsa.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        ECPrivateKey bare = ECPrivateKey.getInstance(sec1);
        byte[] withCurve = new ECPrivateKey(256, bare.getKey(), SECObjectIdentifiers.secp256r1).getEncoded();
        String openssl = PemBlock.text("EC PARAMETERS", new byte[] {5, 0}) + PemBlock.text("EC PRIVATE KEY", withCurve);

        assertThat(CaKeyFile.matches(
                        CaKeyFile.parse("k", openssl), CA.certificate().getPublicKey()))
                .isTrue();
        assertThat(CaKeyFile.parse("k", PemBlock.text("RSA PRIVATE KEY", pkcs1)))
                .isEqualTo(rsa.getPrivate());
    }

    @Test
    void otherKeyFilesAreRefusedWithTheRemedyAndWithoutTheirContents() throws IOException {
        write("ca-key.pem", PemBlock.text("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0}));
        assertRefused("found ENCRYPTED PRIVATE KEY; give an unencrypted key", "openssl pkcs8");

        write("ca-key.pem", PemBlock.text("PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0}));
        assertRefused("ca-key.pem line 1: not a readable PRIVATE KEY");

        write("ca-key.pem", KeyPairs.pem(CA.key()) + KeyPairs.pem(CA.key()));
        assertRefused("ca-key.pem: holds 2 keys, expected 1");
    }

    @Test
    void aDamagedRevocationListIsRefused() throws IOException {
        write("ca-crl.pem", PemBlock.text("X509 CRL", new byte[] {0x30, 0}));

        assertRefused("ca-crl.pem line 1: X509 CRL is not a readable revocation list");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> new CaFolder(folder).load(NOW))
                .isInstanceOfSatisfying(CaMaterialException.class, refused -> {
                    for (String part : parts) {
                        assertThat(refused).hasMessageContaining(part);
                    }
                    assertThat(refused).hasMessageContaining(folder.toString());
                });
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }
}
