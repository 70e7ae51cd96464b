package io.tanja.control.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.Mutations;
import io.tanja.pki.TestRequests;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.trust.PeerExpectation;
import io.tanja.pki.trust.PeerRole;
import io.tanja.pki.trust.PeerVerdict;
import io.tanja.pki.trust.PeerVerifier;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CA over real gRPC and TLS. */
final class CertificateServiceTest {
    private static final TokenSubject CART = new TokenSubject("shop", "cart", "cart-1", "uid-1");
    private static final KeyPair KEYS = KeyPairs.ecP256(CaServer.RANDOM);

    @SuppressWarnings("NullAway.Init")
    private static CaServer ca;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        ca = new CaServer(folder);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        ca.close();
    }

    @Test
    void aGoodTokenGetsTheCertificateOfItsServiceAccount() {
        IstioCertificateResponse response = ca.call(token(ca.tokens, "istio-ca", Duration.ofMinutes(10)), request());

        assertThat(response.getCertChainList()).hasSize(2);
        List<X509Certificate> chain = Certificates.parse("leaf", response.getCertChain(0));
        SpiffeId cart = ca.pki.id("shop", "cart");
        assertThat(chain.getFirst().getPublicKey()).isEqualTo(KEYS.getPublic());
        assertThat(Certificates.parse("roots", response.getCertChain(1))).isEqualTo(ca.pki.roots());
        assertThat(new PeerVerifier(ca.pki.bundle())
                        .verify(chain, PeerRole.SERVER, new PeerExpectation.Exactly(Set.of(cart)), ca.now))
                .isInstanceOf(PeerVerdict.Trusted.class);
    }

    @Test
    void aRequestForAnotherIdentityGetsOnlyTheAttestedOne() throws Exception {
        byte[] greedy = TestRequests.withUri(KEYS, "spiffe://cluster.local/ns/bank/sa/vault");

        IstioCertificateResponse response = ca.call(
                token(ca.tokens, "istio-ca", Duration.ofMinutes(10)),
                IstioCertificateRequest.newBuilder()
                        .setCsrBytes(ByteString.copyFrom(pem(greedy)))
                        .build());

        X509Certificate leaf =
                Certificates.parse("leaf", response.getCertChain(0)).getFirst();
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(1);
        assertThat(leaf.getSubjectAlternativeNames().toString()).contains("spiffe://cluster.local/ns/shop/sa/cart");
    }

    @Test
    void theLifetimeAskedForIsGranted() {
        IstioCertificateResponse response = ca.call(
                token(ca.tokens, "istio-ca", Duration.ofMinutes(10)),
                request().toBuilder().setValidityDuration(60).build());

        X509Certificate leaf =
                Certificates.parse("leaf", response.getCertChain(0)).getFirst();
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void everyBadCredentialIsRefusedInTheSameWords() {
        TokenIssuer forger = TokenIssuer.create(CaServer.ISSUER, CaServer.RANDOM);

        assertUnauthenticated(null);
        assertUnauthenticated("garbage");
        assertUnauthenticated(token(ca.tokens, "kubernetes", Duration.ofMinutes(10)));
        assertUnauthenticated(token(ca.tokens, "istio-ca", Duration.ofMinutes(-1)));
        assertUnauthenticated(token(forger, "istio-ca", Duration.ofMinutes(10)));
        assertUnauthenticated("eyJhbGciOiJub25lIn0.e30.");
        assertUnauthenticated("x".repeat(5_000));
    }

    @Test
    void impersonationIsRefusedAndNotAnsweredWithAnotherIdentity() {
        IstioCertificateRequest request = request().toBuilder()
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "ImpersonatedIdentity",
                                Value.newBuilder()
                                        .setStringValue("spiffe://cluster.local/ns/bank/sa/vault")
                                        .build()))
                .build();

        assertStatus(
                Status.Code.UNAUTHENTICATED,
                "request authenticate failure",
                token(ca.tokens, "istio-ca", Duration.ofMinutes(10)),
                request);
    }

    @Test
    void badRequestsAreInvalidArguments() {
        String token = token(ca.tokens, "istio-ca", Duration.ofMinutes(10));

        assertStatus(Status.Code.INVALID_ARGUMENT, "0 bytes", token, IstioCertificateRequest.getDefaultInstance());
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "expected 1 to 16384",
                token,
                IstioCertificateRequest.newBuilder()
                        .setCsr("x".repeat(1_000_000))
                        .build());
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "at most PT2160H",
                token,
                request().toBuilder().setValidityDuration(Long.MAX_VALUE).build());
    }

    @Test
    void damagedRequestsAreAnsweredAndTheServiceLivesOn() {
        String token = token(ca.tokens, "istio-ca", Duration.ofMinutes(10));
        byte[] valid = pem(CertificateRequest.of(KEYS).der());
        for (long seed : Mutations.seeds().subList(0, 100)) {
            IstioCertificateRequest damaged = IstioCertificateRequest.newBuilder()
                    .setCsr(new String(Mutations.of(valid, new Random(seed)), StandardCharsets.ISO_8859_1))
                    .build();
            try {
                assertThat(ca.call(token, damaged).getCertChainCount()).isEqualTo(2);
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).as("seed %d", seed).isEqualTo(Status.Code.INVALID_ARGUMENT);
            }
        }
        assertThat(ca.call(token, request()).getCertChainCount()).isEqualTo(2);
    }

    private static void assertUnauthenticated(@Nullable String token) {
        assertStatus(Status.Code.UNAUTHENTICATED, "request authenticate failure", token, request());
    }

    private static void assertStatus(
            Status.Code code, String message, @Nullable String token, IstioCertificateRequest request) {
        assertThatThrownBy(() -> ca.call(token, request))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(code);
                    assertThat(refused.getStatus().getDescription()).contains(message);
                });
    }

    private static IstioCertificateRequest request() {
        return IstioCertificateRequest.newBuilder()
                .setCsr(CertificateRequest.of(KEYS).pem())
                .build();
    }

    private static String token(TokenIssuer issuer, String audience, Duration lifetime) {
        return issuer.issue(CART, audience, lifetime, ca.now);
    }

    private static byte[] pem(byte[] der) {
        return PemBlock.text("CERTIFICATE REQUEST", der).getBytes(StandardCharsets.US_ASCII);
    }
}
