package io.tanja.pki.trust;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import java.time.Instant;

/** What we make of a peer's certificate chain. */
public sealed interface PeerVerdict {
    /**
     * The peer is who it says, and may be here.
     *
     * @param peer its identity
     * @param notAfter when the first certificate of its path expires
     */
    record Trusted(SpiffeId peer, Instant notAfter) implements PeerVerdict {}

    /**
     * The peer is refused.
     *
     * @param reason the cause, by its name in the catalogue
     * @param detail expected and actual values, escaped for logs
     */
    record Rejected(Refusal reason, String detail) implements PeerVerdict {}
}
