package io.tanja.control.status;

import java.time.Instant;
import java.util.List;

/**
 * The certificate authority as the status tells it.
 *
 * @param subject the signing certificate's subject
 * @param notAfter when the signing certificate expires
 * @param rootSha256 fingerprints of the roots, hexadecimal
 * @param servingNotAfter when the control plane's own certificate expires
 */
public record AuthorityStatus(String subject, Instant notAfter, List<String> rootSha256, Instant servingNotAfter) {
    /** Copies the list. */
    public AuthorityStatus {
        rootSha256 = List.copyOf(rootSha256);
    }
}
