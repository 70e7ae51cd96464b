package io.tanja.pki.csr;

import io.tanja.pki.pem.PemBlock;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** Key pairs for workloads: EC on P-256, which every peer of the mesh accepts. */
public final class KeyPairs {
    private KeyPairs() {}

    /** A new EC P-256 key pair. */
    public static KeyPair ecP256(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform's own providers lack EC P-256", e);
        }
    }

    /** The key as a PKCS#8 {@code PRIVATE KEY} block, which is how BoringSSL and OpenSSL take it. */
    public static String pem(PrivateKey key) {
        return PemBlock.text("PRIVATE KEY", key.getEncoded());
    }
}
