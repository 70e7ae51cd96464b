package io.tanja.proxy.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the header fields of one connection's messages beyond HTTP's own rules, as Istio's sidecars do it
 * ({@code pilot/pkg/networking/util/proxy_headers.go}). The four situations have one factory each. Whom to trust is
 * decided by verified identity, never by address. X-Forwarded-For passes as it came, as in a sidecar of Istio
 * ({@code use_remote_address} is off there), and decides nothing. Immutable: make one for each connection.
 */
public final class HeaderRules {
    /** The metadata exchange of Istio's proxies is not for applications. */
    private static final long PEER_METADATA =
            KnownField.bits(KnownField.ENVOY_PEER_METADATA, KnownField.ENVOY_PEER_METADATA_ID);

    private static final long ALWAYS = PEER_METADATA
            | KnownField.bits(KnownField.CLIENT_CERT, KnownField.ENVOY_INTERNAL, KnownField.ENVOY_OPERATION);
    private static final long UNTRUSTED = ALWAYS
            | KnownField.bits(KnownField.ENVOY_ATTEMPT_COUNT, KnownField.ENVOY_SERVICE_TIME, KnownField.ENVOY_OTHER);
    private static final long RESPONSE = PEER_METADATA
            | KnownField.bits(KnownField.SERVER, KnownField.ENVOY_SERVICE_TIME, KnownField.ENVOY_OPERATION);

    private static final byte[] HTTP = Octets.of("http");
    private static final byte[] HTTPS = Octets.of("https");
    private static final byte[] ISTIO_ENVOY = Octets.of("istio-envoy");
    private static final byte[] ENVOY = Octets.of("envoy");
    private static final HeaderRules OUTBOUND =
            new HeaderRules(ALWAYS | KnownField.ENVOY_ATTEMPT_COUNT.bit(), null, HTTP, ENVOY, null, false, true);

    final long requestDrops;
    final long responseDrops = RESPONSE;
    final byte @Nullable [] clientCert;
    final byte[] forwardedProto;
    final byte[] server;
    final byte @Nullable [] operation;
    final boolean trustsOperation;
    final boolean outbound;

    private HeaderRules(
            long requestDrops,
            byte @Nullable [] clientCert,
            byte[] forwardedProto,
            byte[] server,
            byte @Nullable [] operation,
            boolean trustsOperation,
            boolean outbound) {
        this.requestDrops = requestDrops;
        this.clientCert = clientCert;
        this.forwardedProto = forwardedProto;
        this.server = server;
        this.operation = operation;
        this.trustsOperation = trustsOperation;
        this.outbound = outbound;
    }

    /**
     * Inbound over mutual TLS: the caller's identity is appended to X-Forwarded-Client-Cert.
     *
     * @param operation {@code host:port/*} of the called service; null if none is known
     */
    public static HeaderRules inboundFromMesh(PeerInfo peer, @Nullable String operation) {
        return new HeaderRules(ALWAYS, utf8(peer.element()), HTTPS, ISTIO_ENVOY, optional(operation), true, false);
    }

    /**
     * Inbound in plaintext: X-Forwarded-Client-Cert and all that only a proxy may say is removed, and the caller sees
     * which operation it called.
     *
     * @param operation {@code host:port/*} of the called service; null if none is known
     */
    public static HeaderRules inboundPlaintext(@Nullable String operation) {
        return new HeaderRules(UNTRUSTED, null, HTTP, ISTIO_ENVOY, optional(operation), false, false);
    }

    /**
     * Outbound, whether the destination is in the mesh or not: which it is comes with each upstream. The name of the
     * operation is told to mesh peers only.
     */
    public static HeaderRules outbound() {
        return OUTBOUND;
    }

    /** {@code host:port/*} out of Istio's cluster name {@code outbound|port|subset|host}; null if it names no service. */
    static byte @Nullable [] operationOf(String cluster) {
        int first = cluster.indexOf('|');
        int second = cluster.indexOf('|', first + 1);
        int third = cluster.indexOf('|', second + 1);
        if (first < 0 || second < 0 || third < 0 || third + 1 == cluster.length()) {
            return null;
        }
        return utf8(cluster.substring(third + 1) + ":" + cluster.substring(first + 1, second) + "/*");
    }

    private static byte @Nullable [] optional(@Nullable String text) {
        return text == null ? null : utf8(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
