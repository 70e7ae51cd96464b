package io.tanja.control.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.Mutations;
import io.tanja.pki.csr.KeyPairs;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedTokenAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyPair KEYS = KeyPairs.ecP256(RANDOM);
    private static final SpiffeId CART = new SpiffeId(TrustDomain.CLUSTER_LOCAL, "shop", "cart");

    private final SignedTokenAuthenticator authenticator = authenticator(List.of((ECPublicKey) KEYS.getPublic()));

    @Test
    void theIssuersTokenNamesServiceAccountAndPod() throws Exception {
        TokenIssuer issuer = TokenIssuer.create("iss", RANDOM);
        String token =
                issuer.issue(new TokenSubject("shop", "cart", "cart-1", "uid-1"), "istio-ca", Duration.ofHours(1), NOW);

        AuthenticationResult result = authenticator(TokenKeyFile.parse("keys", issuer.publicKeyPem()))
                .authenticate(new CallerCredentials(token, "peer"));

        assertThat(result)
                .isEqualTo(
                        new AuthenticationResult.Authenticated(new Caller(CART, new PodReference("cart-1", "uid-1"))));
    }

    @Test
    void aTokenOfAnyKeyInTheFileIsGood() throws Exception {
        SignedTokenAuthenticator rotating = authenticator(
                List.of((ECPublicKey) KeyPairs.ecP256(RANDOM).getPublic(), (ECPublicKey) KEYS.getPublic()));

        assertThat(rotating.authenticate(new CallerCredentials(sign(good().build()), "peer")))
                .isEqualTo(new AuthenticationResult.Authenticated(new Caller(CART, null)));
    }

    @Test
    void noKeysMeanNoCallers() throws Exception {
        assertThat(authenticator(List.of()).authenticate(new CallerCredentials(sign(good().build()), "peer")))
                .isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void eachClaimIsChecked() throws Exception {
        assertRefused(claims -> claims.issuer("other"), "expected issuer iss, got other");
        assertRefused(claims -> claims.issuer(null), "expected issuer iss, got none");
        assertRefused(claims -> claims.audience("vault"), "expected audience istio-ca, got [vault]");
        assertRefused(claims -> claims.audience((String) null), "expected audience istio-ca");
        assertRefused(claims -> claims.expirationTime(Date.from(NOW)), "expired at 2026-11-23T06:00:00Z, now is 2026");
        assertRefused(claims -> claims.expirationTime(null), "expired at no time");
        assertRefused(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(1))), "valid from");
        assertRefused(claims -> claims.subject(null), "got none");
        assertRefused(
                claims -> claims.claim("kubernetes.io", Map.of("namespace", "bank")),
                "the subject is of namespace shop, the token of bank");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cart",
                "system:serviceaccount:shop",
                "system:serviceaccount:shop:cart:x",
                "system:serviceaccount::cart",
                "system:serviceaccount:shop:",
                "system:serviceaccount:shop:c/art",
                "system:serviceaccount:shop:Cart",
                "system:serviceaccount:shop:cart\u0000",
                "system:node:shop:cart"
            })
    void onlyAServiceAccountIsASubject(String subject) throws Exception {
        assertRefused(claims -> claims.subject(subject), "subject");
    }

    @Test
    void otherAlgorithmsAreRefused() throws Exception {
        SignedJWT hmac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good().build());
        hmac.sign(new MACSigner(KEYS.getPublic().getEncoded()));

        assertThat(refusal(new PlainJWT(good().build()).serialize())).contains("malformed");
        assertThat(refusal(hmac.serialize())).contains("signed with HS256, expected ES256");
    }

    @Test
    void aForgersSignatureIsRefused() throws Exception {
        SignedJWT forged = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), good().build());
        forged.sign(new ECDSASigner((ECPrivateKey) KeyPairs.ecP256(RANDOM).getPrivate()));

        assertThat(refusal(forged.serialize())).contains("not by the issuer's key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "e30.e30.e30", "\u0000", "eyJhbGciOiJFUzI1NiJ9.e30."})
    void garbageIsRefused(String token) {
        assertThat(refusal(token)).isNotEmpty().isPrintable();
    }

    @Test
    void noTokenIsRefusedWithTheRemedy() {
        assertThat(refusal(null)).contains("no bearer token; mount one with the audience istio-ca");
    }

    @Test
    void damagedTokensAreRefusedAndNeverCrash() throws Exception {
        byte[] valid = sign(good().build()).getBytes(StandardCharsets.US_ASCII);
        int accepted = 0;
        for (long seed : Mutations.seeds()) {
            String token = new String(Mutations.of(valid, new Random(seed)), StandardCharsets.ISO_8859_1);
            if (token.equals(new String(valid, StandardCharsets.US_ASCII))) {
                continue;
            }
            assertThatCode(() -> authenticator.authenticate(new CallerCredentials(token, "peer")))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
            if (authenticator.authenticate(new CallerCredentials(token, "peer"))
                    instanceof AuthenticationResult.Authenticated authenticated) {
                // Base64 readers skip some characters: such a token says the same, and is still signed.
                assertThat(authenticated.caller()).isEqualTo(new Caller(CART, null));
                accepted++;
            }
        }
        assertThat(accepted).isLessThan(500);
    }

    @Test
    void credentialsDoNotShowTheToken() {
        assertThat(new CallerCredentials("secret", "10.0.0.1").toString())
                .contains("10.0.0.1")
                .doesNotContain("secret");
    }

    private void assertRefused(UnaryOperator<JWTClaimsSet.Builder> change, String message) throws Exception {
        assertThat(refusal(sign(change.apply(good()).build()))).contains(message);
    }

    private String refusal(@Nullable String token) {
        AuthenticationResult result = authenticator.authenticate(new CallerCredentials(token, "peer"));
        assertThat(result).isInstanceOf(AuthenticationResult.Refused.class);
        return ((AuthenticationResult.Refused) result).reason();
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .issuer("iss")
                .subject("system:serviceaccount:shop:cart")
                .audience(List.of("other", "istio-ca"))
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String sign(JWTClaimsSet claims) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
        token.sign(new ECDSASigner((ECPrivateKey) KEYS.getPrivate()));
        return token.serialize();
    }

    private static SignedTokenAuthenticator authenticator(List<ECPublicKey> keys) {
        return new SignedTokenAuthenticator(TrustDomain.CLUSTER_LOCAL, "iss", "istio-ca", () -> keys, () -> NOW);
    }
}
