package io.tanja.proxy.observe;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.Workload;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object per line. Keys that Istio's JSON access log has keep its names ({@code telemetry_logging.go}); ours come
 * after them. What is not known has no key.
 */
final class JsonFormat implements LineFormat {
    private static final int MAX_PATH = 1024;
    private static final int MAX_TEXT = 300;

    private final Timestamp timestamp = new Timestamp();

    @Override
    public boolean wants(ConnectionRecord connection) {
        return true;
    }

    @Override
    public void request(LineBuffer out, RequestRecord request) {
        ConnectionRecord connection = request.connection;
        begin(out, request.startMillis, "request", connection.direction);
        text(out, ",\"method\":\"", request.method, MAX_TEXT);
        text(out, ",\"path\":\"", request.path, MAX_PATH);
        text(out, ",\"protocol\":\"", TextFormat.httpVersion(connection), MAX_TEXT);
        out.put(",\"response_code\":").put((long) request.status);
        refusal(out, request.refusal, request.detail);
        bytes(out, request.bytesReceived, request.bytesSent);
        out.put(",\"duration\":").put(request.durationNanos / 1_000_000);
        if (request.upstreamMillis >= 0) {
            out.put(",\"upstream_service_time\":").put(request.upstreamMillis);
        }
        text(out, ",\"x_forwarded_for\":\"", request.forwardedFor, MAX_TEXT);
        text(out, ",\"user_agent\":\"", request.userAgent, MAX_TEXT);
        text(out, ",\"request_id\":\"", request.requestId, MAX_TEXT);
        text(out, ",\"authority\":\"", request.authority, MAX_TEXT);
        address(
                out,
                ",\"upstream_host\":\"",
                request.upstream == null ? connection.upstreamAddress : request.upstream.address());
        text(out, ",\"upstream_cluster\":\"", Wire.cluster(request), MAX_TEXT);
        address(
                out,
                ",\"upstream_local_address\":\"",
                request.upstreamLocal == null ? connection.upstreamLocal : request.upstreamLocal);
        ends(out, connection);
        security(out, connection.direction, Wire.security(request));
        names(out, connection, Wire.peer(request));
        if (request.attempts > 1) {
            out.put(",\"attempts\":").put((long) request.attempts);
        }
        out.put("}\n");
    }

    @Override
    public void connection(LineBuffer out, ConnectionRecord connection, long endNanos) {
        begin(out, connection.startMillis, "connection", connection.direction);
        text(out, ",\"protocol\":\"", connection.protocol, MAX_TEXT);
        refusal(out, connection.refusal, connection.detail);
        bytes(out, connection.bytesReceived, connection.bytesSent);
        out.put(",\"duration\":").put((endNanos - connection.startNanos) / 1_000_000);
        if (connection.requests > 0) {
            out.put(",\"requests\":").put((long) connection.requests);
        }
        address(out, ",\"upstream_host\":\"", connection.upstreamAddress);
        text(out, ",\"upstream_cluster\":\"", connection.cluster, MAX_TEXT);
        address(out, ",\"upstream_local_address\":\"", connection.upstreamLocal);
        ends(out, connection);
        security(out, connection.direction, Wire.security(connection));
        names(out, connection, connection.peer);
        out.put("}\n");
    }

    private void begin(LineBuffer out, long startMillis, String kind, Direction direction) {
        out.put("{\"start_time\":\"");
        timestamp.put(out, startMillis);
        out.put("\",\"kind\":\"").put(kind);
        out.put(direction == Direction.INBOUND ? "\",\"direction\":\"inbound\"" : "\",\"direction\":\"outbound\"");
    }

    private static void refusal(LineBuffer out, @Nullable Refusal refusal, @Nullable String detail) {
        if (refusal == null) {
            out.put(",\"response_flags\":\"-\"");
            return;
        }
        out.put(",\"response_flags\":\"").put(refusal.flag());
        out.put("\",\"reason\":\"").put(refusal.label()).put('"');
        text(out, ",\"detail\":\"", detail == null ? refusal.meaning() : detail, MAX_PATH);
    }

    private static void bytes(LineBuffer out, long received, long sent) {
        out.put(",\"bytes_received\":").put(received).put(",\"bytes_sent\":").put(sent);
    }

    private static void ends(LineBuffer out, ConnectionRecord connection) {
        address(out, ",\"downstream_local_address\":\"", connection.destination);
        address(out, ",\"downstream_remote_address\":\"", connection.source);
        text(out, ",\"requested_server_name\":\"", connection.sni, MAX_TEXT);
    }

    private static void security(LineBuffer out, Direction direction, @Nullable TransportSecurity security) {
        switch (security) {
            case null -> {}
            case TransportSecurity.Plaintext plain ->
                out.put(",\"encrypted\":false,\"plaintext_reason\":\"")
                        .put(plain.why().label())
                        .put('"');
            case TransportSecurity.Mutual mutual -> {
                out.put(",\"encrypted\":true");
                text(out, ",\"tls_version\":\"", mutual.version(), MAX_TEXT);
                text(out, ",\"tls_cipher\":\"", mutual.cipher(), MAX_TEXT);
                text(out, ",\"tls_group\":\"", mutual.group(), MAX_TEXT);
                identity(
                        out,
                        ",\"source_principal\":\"",
                        direction == Direction.INBOUND ? mutual.peer() : mutual.self());
                identity(
                        out,
                        ",\"destination_principal\":\"",
                        direction == Direction.INBOUND ? mutual.self() : mutual.peer());
            }
        }
    }

    private static void names(LineBuffer out, ConnectionRecord connection, @Nullable Workload peer) {
        text(out, ",\"service_host\":\"", connection.serviceHost, MAX_TEXT);
        if (peer != null) {
            text(out, ",\"peer_workload\":\"", peer.labels().workload(), MAX_TEXT);
            text(out, ",\"peer_namespace\":\"", peer.name().namespace(), MAX_TEXT);
            text(out, ",\"peer_pod\":\"", peer.name().name(), MAX_TEXT);
        }
        out.put(",\"connection_id\":").put(connection.id);
    }

    private static void identity(LineBuffer out, String key, SpiffeId id) {
        out.put(key).put("spiffe://").put(id.trustDomain().name());
        out.put("/ns/").put(id.namespace());
        out.put("/sa/").put(id.serviceAccount()).put('"');
    }

    private static void text(LineBuffer out, String key, @Nullable String value, int max) {
        if (value != null) {
            out.put(key).escaped(value, max).put('"');
        }
    }

    private static void address(LineBuffer out, String key, @Nullable InetSocketAddress address) {
        if (address != null) {
            out.put(key).put(address).put('"');
        }
    }
}
