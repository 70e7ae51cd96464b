package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Which public keys the CA certifies: EC on P-256 or P-384, RSA of 2048 to 8192 bits, Ed25519. */
final class KeyPolicy {
    private static final int MIN_RSA_BITS = 2048;
    /** Above it, verifying the request would cost the caller nothing and us much. */
    private static final int MAX_RSA_BITS = 8192;

    private static final int MAX_RSA_EXPONENT_BITS = 64;
    private static final String ACCEPTED = "; accepted are EC P-256, EC P-384, RSA of 2048 to 8192 bits, and Ed25519";

    private KeyPolicy() {}

    /** Returns the key, re-encoded by the platform, or refuses it by name. */
    static PublicKey accept(SubjectPublicKeyInfo info) throws IssuanceException {
        ASN1ObjectIdentifier kind = info.getAlgorithm().getAlgorithm();
        if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            requireCurve(info);
            return decode("EC", info);
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return decode("Ed25519", info);
        }
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            PublicKey key = decode("RSA", info);
            requireSize((RSAPublicKey) key);
            return key;
        }
        throw refuse("a key of the algorithm " + Quote.printable(kind.getId()));
    }

    private static void requireCurve(SubjectPublicKeyInfo info) throws IssuanceException {
        if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)) {
            throw refuse("an EC key with explicit curve parameters");
        }
        if (!curve.equals(SECObjectIdentifiers.secp256r1) && !curve.equals(SECObjectIdentifiers.secp384r1)) {
            throw refuse("an EC key on the curve " + Quote.printable(curve.getId()));
        }
    }

    private static void requireSize(RSAPublicKey key) throws IssuanceException {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw refuse("an RSA key of " + bits + " bits");
        }
        BigInteger exponent = key.getPublicExponent();
        if (exponent.bitLength() > MAX_RSA_EXPONENT_BITS || !exponent.testBit(0) || exponent.equals(BigInteger.ONE)) {
            throw refuse("an RSA key with an unusual public exponent");
        }
    }

    private static PublicKey decode(String algorithm, SubjectPublicKeyInfo info) throws IssuanceException {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.getEncoded("DER")));
        } catch (GeneralSecurityException | IOException e) {
            throw new IssuanceException(
                    IssuanceRefusal.KEY_NOT_ACCEPTED, "the request holds an unreadable " + algorithm + " key", e);
        }
    }

    private static IssuanceException refuse(String what) {
        return new IssuanceException(IssuanceRefusal.KEY_NOT_ACCEPTED, "the request holds " + what + ACCEPTED);
    }
}
