package io.tanja.model.mesh;

/** The effective mutual TLS mode of a port, after inheritance ({@code UNSET} is gone). */
public enum TlsMode {
    /** The proxy does not terminate TLS; callers send plaintext. */
    DISABLE,
    /** Mutual TLS and plaintext are both accepted; callers in the mesh send mutual TLS. */
    PERMISSIVE,
    /** Only mutual TLS is accepted. */
    STRICT
}
