package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.pem.PemBlock;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Reads the key of a plugged-in CA in each form that OpenSSL writes: PKCS#8, SEC 1 and PKCS#1. */
final class CaKeyFile {
    private static final String REMEDY =
            "; give an unencrypted key, for example by: openssl pkcs8 -topk8 -nocrypt -in <old> -out <new>";

    private CaKeyFile() {}

    static PrivateKey parse(String source, String text) throws CaMaterialException {
        // "openssl ecparam -genkey" puts the curve before the key.
        List<PemBlock> blocks = Pem.parse(source, text).stream()
                .filter(block -> !block.label().equals("EC PARAMETERS"))
                .toList();
        if (blocks.size() != 1) {
            throw new CaMaterialException(source + ": holds " + blocks.size() + " keys, expected 1" + REMEDY);
        }
        PemBlock block = blocks.getFirst();
        try {
            PrivateKeyInfo info = switch (block.label()) {
                case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(block.der());
                case "EC PRIVATE KEY" -> sec1(block.der());
                case "RSA PRIVATE KEY" ->
                    new PrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            RSAPrivateKey.getInstance(block.der()));
                default ->
                    throw new CaMaterialException(source + " line " + block.line() + ": expected PRIVATE KEY, found "
                            + Quote.printable(block.label()) + REMEDY);
            };
            return KeyFactory.getInstance(algorithm(source, info))
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded("DER")));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Without the cause: its text may hold parts of the key.
            throw new CaMaterialException(
                    source + " line " + block.line() + ": not a readable " + Quote.printable(block.label()) + REMEDY);
        }
    }

    /** Whether {@code key} is the private key of {@code certified}: a signature by one is verified with the other. */
    static boolean matches(PrivateKey key, PublicKey certified) {
        try {
            byte[] sample = {1, 2, 3};
            Signature signature = Signature.getInstance(CertificateSigner.algorithm(key));
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static PrivateKeyInfo sec1(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()), key);
    }

    private static String algorithm(String source, PrivateKeyInfo info) throws CaMaterialException {
        ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
        if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return "Ed25519";
        }
        throw new CaMaterialException(source + ": a key of the algorithm " + Quote.printable(kind.getId())
                + " cannot sign here; use EC, RSA or Ed25519");
    }
}
