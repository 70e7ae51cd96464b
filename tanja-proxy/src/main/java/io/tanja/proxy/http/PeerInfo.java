package io.tanja.proxy.http;

import io.tanja.model.identity.SpiffeId;

/**
 * Who is at the two ends of a mutual-TLS connection, as X-Forwarded-Client-Cert tells it.
 *
 * @param self our identity in the handshake
 * @param peer the caller's identity
 * @param certificateSha256 the SHA-256 of the caller's leaf certificate in DER, 64 hexadecimal digits in lower case
 * @param subject the leaf's subject in RFC 2253 form, empty for the mesh's own certificates
 */
public record PeerInfo(SpiffeId self, SpiffeId peer, String certificateSha256, String subject) {
    private static final int DIGITS = 64;

    /** @throws IllegalArgumentException if the hash is not in that form or the subject holds a control character */
    public PeerInfo {
        boolean hexadecimal = certificateSha256.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
        if (certificateSha256.length() != DIGITS || !hexadecimal) {
            throw new IllegalArgumentException("certificateSha256 is not " + DIGITS + " lower-case hexadecimal digits");
        }
        if (subject.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("subject holds a control character");
        }
    }

    /** One element of X-Forwarded-Client-Cert in Envoy's form and order: By, Hash, Subject, URI. */
    String element() {
        return "By=" + self.uri() + ";Hash=" + certificateSha256 + ";Subject=\""
                + subject.replace("\\", "\\\\").replace("\"", "\\\"") + "\";URI=" + peer.uri();
    }
}
