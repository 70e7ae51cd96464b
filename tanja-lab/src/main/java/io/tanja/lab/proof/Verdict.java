package io.tanja.lab.proof;

/** What a captured connection was, seen from the wire. */
public enum Verdict {
    /** TLS with an encrypting suite in both directions, and encrypted records in both. */
    ENCRYPTED,
    /** TLS was begun and not finished: no application byte crossed. */
    HANDSHAKE_FAILED,
    /** Bytes that anyone can read, in at least one direction. */
    PLAINTEXT,
    /** Neither TLS nor readable. */
    OPAQUE,
    /** No payload in either direction. */
    EMPTY,
    /** The capture lacks bytes of it, so that nothing can be proven. */
    INCOMPLETE
}
