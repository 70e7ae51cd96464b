package io.tanja.model.security;

import io.tanja.model.identity.SpiffeId;

/** How the bytes of one connection are protected on the wire. */
public sealed interface TransportSecurity {
    /**
     * Mutual TLS with a verified peer.
     *
     * @param peer the identity in the peer's verified certificate
     * @param self our identity in this handshake
     * @param version the protocol version, such as {@code TLSv1.3}
     * @param cipher the cipher suite
     * @param group the key exchange group, such as {@code X25519MLKEM768}; {@code "?"} where the provider does not tell
     */
    record Mutual(SpiffeId peer, SpiffeId self, String version, String cipher, String group)
            implements TransportSecurity {}

    /**
     * No mutual TLS of the mesh.
     *
     * @param why the reason
     */
    record Plaintext(PlaintextReason why) implements TransportSecurity {}
}
