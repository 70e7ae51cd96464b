package io.tanja.control.ca.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.PemBlock;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;

/**
 * Signs service account tokens as the API server's TokenRequest does, for the lab. The private key never leaves this
 * object; the public one goes into the file that {@code TokenKeyFile} reads.
 */
public final class TokenIssuer {
    private final String issuer;
    private final KeyPair keys;
    private final SecureRandom random;

    private TokenIssuer(String issuer, KeyPair keys, SecureRandom random) {
        this.issuer = issuer;
        this.keys = keys;
        this.random = random;
    }

    /**
     * An issuer with a new key.
     *
     * @param issuer what its tokens name as {@code iss}
     */
    public static TokenIssuer create(String issuer, SecureRandom random) {
        return new TokenIssuer(issuer, KeyPairs.ecP256(random), random);
    }

    /** The public key as a {@code PUBLIC KEY} block. */
    public String publicKeyPem() {
        return PemBlock.text("PUBLIC KEY", keys.getPublic().getEncoded());
    }

    /**
     * A token bound to a pod.
     *
     * @param audience whom it is for, such as {@code istio-ca}
     * @param lifetime from {@code now}
     */
    public String issue(TokenSubject subject, String audience, Duration lifetime, Instant now) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("system:serviceaccount:" + subject.namespace() + ":" + subject.serviceAccount())
                .audience(audience)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .jwtID(HexFormat.of().formatHex(id))
                .claim(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                subject.namespace(),
                                "serviceaccount",
                                Map.of("name", subject.serviceAccount()),
                                "pod",
                                Map.of("name", subject.podName(), "uid", subject.podUid())))
                .build();
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
            token.sign(new ECDSASigner((ECPrivateKey) keys.getPrivate()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("an EC P-256 key signs ES256", e);
        }
    }
}
