package io.tanja.control.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates by a service account token that it verifies itself (RFC 7519, ES256 only), in place of a TokenReview
 * where there is no Kubernetes. The claims are those of a Kubernetes projected token.
 */
public final class SignedTokenAuthenticator implements Authenticator {
    /** The audience that Istio's agents ask for. */
    public static final String AUDIENCE = "istio-ca";

    private static final String SUBJECT_PREFIX = "system:serviceaccount:";

    private final TrustDomain trustDomain;
    private final String issuer;
    private final String audience;
    private final Supplier<List<ECPublicKey>> keys;
    private final InstantSource clock;

    /**
     * @param trustDomain which identities are made of
     * @param issuer the token's {@code iss}, exactly
     * @param audience what must be among the token's {@code aud}
     * @param keys the keys of the issuer, asked for at each call
     */
    public SignedTokenAuthenticator(
            TrustDomain trustDomain,
            String issuer,
            String audience,
            Supplier<List<ECPublicKey>> keys,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.issuer = issuer;
        this.audience = audience;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public AuthenticationResult authenticate(CallerCredentials credentials) {
        String token = credentials.bearerToken();
        if (token == null) {
            return refused("the call has no bearer token; mount one with the audience " + audience);
        }
        try {
            // Refuses "alg": "none" too, which is no signed token to it.
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())) {
                return refused("the token is signed with "
                        + Quote.printable(jwt.getHeader().getAlgorithm().getName()) + ", expected ES256");
            }
            if (!isSigned(jwt)) {
                return refused("the token's signature is not by the issuer's key");
            }
            return fromClaims(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException e) {
            return refused("the token is malformed: " + Quote.printable(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return refused("the token cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private boolean isSigned(SignedJWT jwt) throws JOSEException {
        for (ECPublicKey key : keys.get()) {
            if (jwt.verify(new ECDSAVerifier(key))) {
                return true;
            }
        }
        return false;
    }

    private AuthenticationResult fromClaims(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        if (!issuer.equals(claims.getIssuer())) {
            return refused("expected issuer " + issuer + ", got " + quoted(claims.getIssuer()));
        }
        if (!claims.getAudience().contains(audience)) {
            return refused("expected audience " + audience + ", got " + quoted(claims.getAudience()));
        }
        Date expires = claims.getExpirationTime();
        if (expires == null || !now.isBefore(expires.toInstant())) {
            return refused(
                    "the token expired at " + (expires == null ? "no time" : expires.toInstant()) + ", now is " + now);
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.isBefore(notBefore.toInstant())) {
            return refused("the token is valid from " + notBefore.toInstant() + ", now is " + now);
        }
        return fromSubject(claims.getSubject(), claims.getJSONObjectClaim("kubernetes.io"));
    }

    private AuthenticationResult fromSubject(@Nullable String subject, @Nullable Map<String, Object> kubernetes) {
        String[] names = subject != null && subject.startsWith(SUBJECT_PREFIX)
                ? subject.substring(SUBJECT_PREFIX.length()).split(":", -1)
                : new String[0];
        if (names.length != 2) {
            return refused("expected a subject system:serviceaccount:<namespace>:<name>, got " + quoted(subject));
        }
        SpiffeId identity;
        try {
            identity = new SpiffeId(trustDomain, names[0], names[1]);
        } catch (IllegalArgumentException e) {
            return refused("the subject is no service account: " + e.getMessage());
        }
        if (kubernetes == null) {
            return new AuthenticationResult.Authenticated(new Caller(identity, null));
        }
        Object namespace = kubernetes.get("namespace");
        if (namespace != null && !names[0].equals(namespace)) {
            return refused("the subject is of namespace " + names[0] + ", the token of " + quoted(namespace));
        }
        return new AuthenticationResult.Authenticated(new Caller(identity, pod(kubernetes)));
    }

    private static @Nullable PodReference pod(Map<String, Object> kubernetes) {
        return kubernetes.get("pod") instanceof Map<?, ?> pod
                        && pod.get("name") instanceof String name
                        && pod.get("uid") instanceof String uid
                ? new PodReference(name, uid)
                : null;
    }

    private static AuthenticationResult refused(String reason) {
        return new AuthenticationResult.Refused(reason);
    }

    private static String quoted(@Nullable Object claim) {
        return claim == null ? "none" : Quote.printable(claim.toString());
    }
}
