package io.tanja.model.security;

/**
 * Why a connection or request was refused or failed: the closed catalogue. The same cause has the same name at both
 * ends, in the log, the metric label and the command line.
 *
 * <p>{@link #flag()} is the response flag that Envoy would log, so that habits and dashboards carry over.
 */
public enum Refusal {
    /** Plaintext came where only mutual TLS is allowed. */
    PLAINTEXT_REFUSED_STRICT("plaintext_refused_strict", "NR", "the mode of this port is STRICT"),
    /** TLS of another kind came to a port whose declared protocol cannot carry it. */
    NOT_MESH_TLS("not_mesh_tls", "NR", "TLS without the mesh's ALPN on a port declared HTTP"),
    /** The peer did not send a certificate. */
    PEER_NO_CERTIFICATE("peer_no_certificate", "UF", "the peer sent no certificate"),
    /** The peer's chain does not end at a root of the trust bundle. */
    PEER_UNKNOWN_ROOT("peer_unknown_root", "UF", "the peer's certificate is not signed by a trusted root"),
    /** The peer's certificate is outside its time of validity. */
    PEER_CERTIFICATE_EXPIRED("peer_certificate_expired", "UF", "the peer's certificate is expired or not yet valid"),
    /** The peer's certificate or chain is malformed, or its key usages do not allow mutual TLS. */
    PEER_BAD_CERTIFICATE("peer_bad_certificate", "UF", "the peer's certificate cannot be used for mutual TLS"),
    /** The peer's certificate has not exactly one well-formed SPIFFE URI SAN. */
    PEER_NO_IDENTITY("peer_no_identity", "UF", "the peer's certificate carries no mesh identity"),
    /** The peer belongs to a trust domain that is not accepted. */
    PEER_WRONG_TRUST_DOMAIN("peer_wrong_trust_domain", "UF", "the peer's trust domain is not accepted"),
    /** The peer is not one of the identities that the destination may have. */
    PEER_WRONG_IDENTITY("peer_wrong_identity", "UF", "the peer's identity is not one of the expected ones"),
    /** The peer answered a ClientHello with something that is not TLS. */
    PEER_NOT_TLS("peer_not_tls", "UF", "the peer does not speak TLS"),
    /** The peer ended the handshake with an alert: it refused us. */
    PEER_REFUSED_US("peer_refused_us", "UF", "the peer refused our certificate"),
    /** The handshake failed for another reason. */
    HANDSHAKE_FAILED("handshake_failed", "UF", "the TLS handshake failed"),
    /** The handshake did not end in time. */
    HANDSHAKE_TIMEOUT("handshake_timeout", "UF", "the TLS handshake took too long"),
    /** This proxy has no certificate yet. */
    OWN_CERTIFICATE_MISSING("own_certificate_missing", "UF", "this proxy has no certificate yet"),
    /** This proxy's certificate is expired and could not be renewed. */
    OWN_CERTIFICATE_EXPIRED("own_certificate_expired", "UF", "this proxy's certificate is expired"),
    /** An AuthorizationPolicy denies it. */
    POLICY_DENIED("policy_denied", "RBAC", "an AuthorizationPolicy denies it"),
    /** The destination is not known, and the outbound policy is REGISTRY_ONLY. */
    DESTINATION_NOT_IN_REGISTRY("destination_not_in_registry", "NR", "the destination is not in the registry"),
    /** The destination may be meshed, but the control plane cannot be asked: never plaintext on a guess. */
    DESTINATION_UNKNOWN("destination_unknown", "NR", "the destination could not be looked up"),
    /** The service has no ready endpoint. */
    NO_READY_ENDPOINT("no_ready_endpoint", "UH", "the service has no ready endpoint"),
    /** The upstream refused the connection. */
    CONNECT_REFUSED("connect_refused", "UF", "the destination refused the connection"),
    /** The upstream did not answer in time. */
    CONNECT_TIMEOUT("connect_timeout", "UF", "the destination did not answer in time"),
    /** The upstream could not be reached. */
    CONNECT_FAILED("connect_failed", "UF", "the destination could not be reached"),
    /** The upstream closed before its answer was whole. */
    UPSTREAM_CLOSED("upstream_closed", "UC", "the destination closed the connection early"),
    /** The caller closed before the answer was whole. */
    DOWNSTREAM_CLOSED("downstream_closed", "DC", "the caller closed the connection early"),
    /** The peer's bytes break the protocol that was declared or begun. */
    PROTOCOL_ERROR("protocol_error", "DPE", "the bytes break the protocol"),
    /** The answer of the upstream breaks its protocol. */
    UPSTREAM_PROTOCOL_ERROR("upstream_protocol_error", "UPE", "the destination's answer breaks the protocol"),
    /** The connection was addressed to the proxy's own capture port. */
    LOOP("loop", "NR", "the connection is addressed to the proxy itself"),
    /** The original destination could not be read. */
    NO_ORIGINAL_DESTINATION("no_original_destination", "NR", "the original destination is unknown"),
    /** A limit of the proxy was reached. */
    LIMIT_REACHED("limit_reached", "UO", "a limit of the proxy was reached"),
    /** The proxy is going away. */
    DRAINING("draining", "UO", "the proxy is draining");

    private final String label;
    private final String flag;
    private final String meaning;

    Refusal(String label, String flag, String meaning) {
        this.label = label;
        this.flag = flag;
        this.meaning = meaning;
    }

    /** The stable name used in logs, metrics and reports. */
    public String label() {
        return label;
    }

    /** The response flag of Envoy's access log that stands for it. */
    public String flag() {
        return flag;
    }

    /** One clause for people. */
    public String meaning() {
        return meaning;
    }
}
