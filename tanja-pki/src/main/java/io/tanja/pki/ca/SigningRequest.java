package io.tanja.pki.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.pem.PemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the CA takes from a PKCS#10 request (RFC 2986): the public key, after the signature has proved that the caller
 * holds the private one. Subject, names and extensions in it are never looked at.
 *
 * @param publicKey an accepted key
 */
record SigningRequest(PublicKey publicKey) {
    /** The longest request in bytes; one with an RSA key of 8192 bits has about 3,500 as PEM. */
    static final int MAX_LENGTH = 16 * 1024;

    private static final Map<String, String> SIGNATURE_ALGORITHMS = Map.of(
            "1.2.840.10045.4.3.2", "SHA256withECDSA",
            "1.2.840.10045.4.3.3", "SHA384withECDSA",
            "1.2.840.10045.4.3.4", "SHA512withECDSA",
            "1.2.840.113549.1.1.11", "SHA256withRSA",
            "1.2.840.113549.1.1.12", "SHA384withRSA",
            "1.2.840.113549.1.1.13", "SHA512withRSA",
            "1.3.101.112", "Ed25519");

    /** Reads and checks a request in PEM or DER. */
    static SigningRequest read(byte[] csr) throws IssuanceException {
        if (csr.length == 0 || csr.length > MAX_LENGTH) {
            throw new IssuanceException(
                    IssuanceRefusal.CSR_MALFORMED,
                    "the request has " + csr.length + " bytes, expected 1 to " + MAX_LENGTH);
        }
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der(csr));
            PublicKey key = KeyPolicy.accept(request.getSubjectPublicKeyInfo());
            requireSignature(request, key);
            return new SigningRequest(key);
        } catch (PemException e) {
            throw malformed(String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle reads lazily and answers damaged structures with many kinds of runtime exceptions.
            throw malformed("the request cannot be read as PKCS#10", e);
        }
    }

    private static byte[] der(byte[] csr) throws IssuanceException {
        if (csr[0] == 0x30) {
            return csr;
        }
        List<PemBlock> blocks = Pem.parse("request", new String(csr, StandardCharsets.ISO_8859_1));
        if (blocks.size() != 1) {
            throw malformed("the request holds " + blocks.size() + " PEM blocks, expected 1", null);
        }
        PemBlock block = blocks.getFirst();
        if (!block.label().equals("CERTIFICATE REQUEST") && !block.label().equals("NEW CERTIFICATE REQUEST")) {
            throw malformed("expected CERTIFICATE REQUEST, found " + Quote.printable(block.label()), null);
        }
        return block.der();
    }

    private static void requireSignature(PKCS10CertificationRequest request, PublicKey key) throws IssuanceException {
        String oid = request.getSignatureAlgorithm().getAlgorithm().getId();
        String algorithm = SIGNATURE_ALGORITHMS.get(oid);
        if (algorithm == null) {
            throw new IssuanceException(
                    IssuanceRefusal.CSR_SIGNATURE_INVALID,
                    "the request is signed with the algorithm " + Quote.printable(oid)
                            + ", expected ECDSA or RSA (PKCS#1 v1.5) with SHA-256, SHA-384 or SHA-512, or Ed25519");
        }
        boolean valid;
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(
                    request.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"));
            valid = signature.verify(request.getSignature());
        } catch (GeneralSecurityException | IOException e) {
            throw new IssuanceException(
                    IssuanceRefusal.CSR_SIGNATURE_INVALID,
                    "the request's signature does not fit its " + key.getAlgorithm() + " key",
                    e);
        }
        if (!valid) {
            throw new IssuanceException(
                    IssuanceRefusal.CSR_SIGNATURE_INVALID, "the request is not signed with the key that it holds");
        }
    }

    private static IssuanceException malformed(String message, @Nullable Throwable cause) {
        return new IssuanceException(IssuanceRefusal.CSR_MALFORMED, message, cause);
    }
}
