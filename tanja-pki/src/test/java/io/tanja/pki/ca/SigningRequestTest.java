package io.tanja.pki.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.pki.Mutations;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningRequestTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyPair KEYS = KeyPairs.ecP256(RANDOM);

    @ParameterizedTest
    @CsvSource({
        "EC, secp256r1, SHA256withECDSA",
        "EC, secp384r1, SHA384withECDSA",
        "EC, secp256r1, SHA512withECDSA",
        "RSA, 2048, SHA256withRSA",
        "RSA, 2056, SHA384withRSA",
        "Ed25519, Ed25519, Ed25519"
    })
    void acceptedKeysComeOutAsTheyWere(String algorithm, String parameter, String signature) throws Exception {
        KeyPair keys = generate(algorithm, parameter);

        assertThat(SigningRequest.read(csr(keys, keys.getPublic(), signature)).publicKey())
                .isEqualTo(keys.getPublic());
    }

    @ParameterizedTest
    @CsvSource({
        "EC, secp521r1, SHA512withECDSA, an EC key on the curve 1.3.132.0.35",
        "RSA, 1024, SHA256withRSA, an RSA key of 1024 bits",
        "RSA, 2040, SHA256withRSA, an RSA key of 2040 bits",
        "DSA, 2048, SHA256withDSA, a key of the algorithm 1.2.840.10040.4.1",
        "Ed448, Ed448, Ed448, a key of the algorithm 1.3.101.113"
    })
    void otherKeysAreRefusedByName(String algorithm, String parameter, String signature, String message)
            throws Exception {
        KeyPair keys = generate(algorithm, parameter);
        byte[] csr = csr(keys, keys.getPublic(), signature);

        CertificateAuthorityTest.assertRefused(
                IssuanceRefusal.KEY_NOT_ACCEPTED,
                message + "; accepted are EC P-256, EC P-384",
                () -> SigningRequest.read(csr));
    }

    @Test
    void weakSignaturesAreRefused() throws Exception {
        KeyPair keys = generate("RSA", "2048");
        byte[] csr = csr(keys, keys.getPublic(), "SHA1withRSA");

        CertificateAuthorityTest.assertRefused(
                IssuanceRefusal.CSR_SIGNATURE_INVALID, "1.2.840.113549.1.1.5", () -> SigningRequest.read(csr));
    }

    @Test
    void aRequestForSomebodyElsesKeyIsRefused() throws Exception {
        PublicKey theirs = KeyPairs.ecP256(RANDOM).getPublic();
        byte[] csr = csr(KEYS, theirs, "SHA256withECDSA");
        byte[] otherKind = csr(generate("RSA", "2048"), theirs, "SHA256withRSA");

        CertificateAuthorityTest.assertRefused(
                IssuanceRefusal.CSR_SIGNATURE_INVALID,
                "not signed with the key that it holds",
                () -> SigningRequest.read(csr));
        CertificateAuthorityTest.assertRefused(
                IssuanceRefusal.CSR_SIGNATURE_INVALID, "does not fit its EC key", () -> SigningRequest.read(otherKind));
    }

    @Test
    void bothPemLabelsAreRead() throws Exception {
        String pem = CertificateRequest.of(KEYS).pem();
        String old = pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");

        assertThat(SigningRequest.read(bytes(pem)).publicKey()).isEqualTo(KEYS.getPublic());
        assertThat(SigningRequest.read(bytes(old)).publicKey()).isEqualTo(KEYS.getPublic());
    }

    @Test
    void otherContentsAreRefusedWithTheirFault() {
        String pem = CertificateRequest.of(KEYS).pem();

        assertMalformed(new byte[0], "0 bytes, expected 1 to 16384");
        assertMalformed(new byte[20_000], "20000 bytes, expected 1 to 16384");
        assertMalformed(bytes("garbage"), "holds 0 PEM blocks");
        assertMalformed(bytes(pem + pem), "holds 2 PEM blocks");
        assertMalformed(bytes(pem.replace("CERTIFICATE REQUEST", "PRIVATE KEY")), "found PRIVATE KEY");
        assertMalformed(bytes(pem.replace("-----END", "-----FIN")), "no matching END");
        assertMalformed(new byte[] {0x30, 0}, "cannot be read as PKCS#10");
    }

    @Test
    void damagedRequestsAreRefusedButNeverCrash() {
        byte[] der = CertificateRequest.of(KEYS).der();
        byte[] pem = bytes(CertificateRequest.of(KEYS).pem());
        for (long seed : Mutations.seeds()) {
            Random random = new Random(seed);
            byte[] valid = random.nextBoolean() ? der : pem;
            byte[] damaged = Mutations.of(valid, random);
            if (Arrays.equals(damaged, valid)) {
                continue;
            }
            try {
                // What still gets through has only lost or gained what carries no meaning.
                assertThat(SigningRequest.read(damaged).publicKey())
                        .as("seed %d", seed)
                        .isEqualTo(KEYS.getPublic());
            } catch (IssuanceException e) {
                assertThat(e.reason().callersFault()).as("seed %d", seed).isTrue();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void assertMalformed(byte[] csr, String message) {
        assertThatThrownBy(() -> SigningRequest.read(csr))
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        IssuanceException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(IssuanceRefusal.CSR_MALFORMED));
    }

    private static byte[] csr(KeyPair signer, PublicKey key, String signature) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), key)
                .build(new JcaContentSignerBuilder(signature).build(signer.getPrivate()))
                .getEncoded();
    }

    private static KeyPair generate(String algorithm, String parameter) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        AlgorithmParameterSpec spec = switch (algorithm) {
            case "EC" -> new ECGenParameterSpec(parameter);
            case "RSA" -> new RSAKeyGenParameterSpec(Integer.parseInt(parameter), RSAKeyGenParameterSpec.F4);
            case "DSA" -> null;
            default -> new NamedParameterSpec(parameter);
        };
        if (spec == null) {
            generator.initialize(Integer.parseInt(parameter));
        } else {
            generator.initialize(spec);
        }
        return generator.generateKeyPair();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
