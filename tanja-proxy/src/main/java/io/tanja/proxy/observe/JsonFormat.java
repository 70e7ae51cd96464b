package io.tanja.proxy.observe;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.Workload;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object per line. Keys that Istio's JSON access log has keep its names ({@code telemetry_logging.go}); ours come
 * after them. What is not known has no key.
 */
final class JsonFormat implements LineFormat {
    private static final int MAX_PATH = 1024;
    private static final int MAX_TEXT = 300;

    private static final byte[] METHOD = textKey("method");
    private static final byte[] PATH = textKey("path");
    private static final byte[] PROTOCOL = textKey("protocol");
    private static final byte[] X_FORWARDED_FOR = textKey("x_forwarded_for");
    private static final byte[] USER_AGENT = textKey("user_agent");
    private static final byte[] REQUEST_ID = textKey("request_id");
    private static final byte[] AUTHORITY = textKey("authority");
    private static final byte[] UPSTREAM_HOST = textKey("upstream_host");
    private static final byte[] UPSTREAM_CLUSTER = textKey("upstream_cluster");
    private static final byte[] UPSTREAM_LOCAL_ADDRESS = textKey("upstream_local_address");
    private static final byte[] RESPONSE_FLAGS = textKey("response_flags");
    private static final byte[] REASON = textKey("reason");
    private static final byte[] DETAIL = textKey("detail");
    private static final byte[] DOWNSTREAM_LOCAL_ADDRESS = textKey("downstream_local_address");
    private static final byte[] DOWNSTREAM_REMOTE_ADDRESS = textKey("downstream_remote_address");
    private static final byte[] REQUESTED_SERVER_NAME = textKey("requested_server_name");
    private static final byte[] TLS_VERSION = textKey("tls_version");
    private static final byte[] TLS_CIPHER = textKey("tls_cipher");
    private static final byte[] TLS_GROUP = textKey("tls_group");
    private static final byte[] SOURCE_PRINCIPAL = textKey("source_principal");
    private static final byte[] DESTINATION_PRINCIPAL = textKey("destination_principal");
    private static final byte[] SERVICE_HOST = textKey("service_host");
    private static final byte[] PEER_WORKLOAD = textKey("peer_workload");
    private static final byte[] PEER_NAMESPACE = textKey("peer_namespace");
    private static final byte[] PEER_POD = textKey("peer_pod");
    private static final byte[] RESPONSE_CODE = numberKey("response_code");
    private static final byte[] DURATION = numberKey("duration");
    private static final byte[] UPSTREAM_SERVICE_TIME = numberKey("upstream_service_time");
    private static final byte[] ATTEMPTS = numberKey("attempts");
    private static final byte[] REQUESTS = numberKey("requests");
    private static final byte[] BYTES_RECEIVED = numberKey("bytes_received");
    private static final byte[] BYTES_SENT = numberKey("bytes_sent");
    private static final byte[] CONNECTION_ID = numberKey("connection_id");

    private static final byte[] PLAINTEXT_REASON =
            ",\"encrypted\":false,\"plaintext_reason\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED = ",\"encrypted\":true".getBytes(StandardCharsets.US_ASCII);

    private final Timestamp timestamp = new Timestamp();

    @Override
    public boolean wants(ConnectionRecord connection) {
        return true;
    }

    @Override
    public void request(LineBuffer out, RequestRecord request) {
        ConnectionRecord connection = request.connection;
        begin(out, request.startMillis, "request", connection.direction);
        text(out, METHOD, request.method, MAX_TEXT);
        text(out, PATH, request.path, MAX_PATH);
        text(out, PROTOCOL, TextFormat.httpVersion(connection), MAX_TEXT);
        out.put(RESPONSE_CODE).put((long) request.status);
        refusal(out, request.refusal, request.detail);
        bytes(out, request.bytesReceived, request.bytesSent);
        out.put(DURATION).put(request.durationNanos / 1_000_000);
        if (request.upstreamMillis >= 0) {
            out.put(UPSTREAM_SERVICE_TIME).put(request.upstreamMillis);
        }
        text(out, X_FORWARDED_FOR, request.forwardedFor, MAX_TEXT);
        text(out, USER_AGENT, request.userAgent, MAX_TEXT);
        text(out, REQUEST_ID, request.requestId, MAX_TEXT);
        text(out, AUTHORITY, request.authority, MAX_TEXT);
        address(out, UPSTREAM_HOST, request.upstream == null ? connection.upstreamAddress : request.upstream.address());
        text(out, UPSTREAM_CLUSTER, Wire.cluster(request), MAX_TEXT);
        address(
                out,
                UPSTREAM_LOCAL_ADDRESS,
                request.upstreamLocal == null ? connection.upstreamLocal : request.upstreamLocal);
        ends(out, connection);
        security(out, connection.direction, Wire.security(request));
        names(out, connection, Wire.peer(request));
        if (request.attempts > 1) {
            out.put(ATTEMPTS).put((long) request.attempts);
        }
        out.put("}\n");
    }

    @Override
    public void connection(LineBuffer out, ConnectionRecord connection, long endNanos) {
        begin(out, connection.startMillis, "connection", connection.direction);
        text(out, PROTOCOL, connection.protocol, MAX_TEXT);
        refusal(out, connection.refusal, connection.detail);
        bytes(out, connection.bytesReceived, connection.bytesSent);
        out.put(DURATION).put((endNanos - connection.startNanos) / 1_000_000);
        if (connection.requests > 0) {
            out.put(REQUESTS).put((long) connection.requests);
        }
        address(out, UPSTREAM_HOST, connection.upstreamAddress);
        text(out, UPSTREAM_CLUSTER, connection.cluster, MAX_TEXT);
        address(out, UPSTREAM_LOCAL_ADDRESS, connection.upstreamLocal);
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
            out.put(RESPONSE_FLAGS).put("-\"");
            return;
        }
        out.put(RESPONSE_FLAGS).put(refusal.flag());
        out.put('"').put(REASON).put(refusal.label()).put('"');
        text(out, DETAIL, detail == null ? refusal.meaning() : detail, MAX_PATH);
    }

    private static void bytes(LineBuffer out, long received, long sent) {
        out.put(BYTES_RECEIVED).put(received).put(BYTES_SENT).put(sent);
    }

    private static void ends(LineBuffer out, ConnectionRecord connection) {
        address(out, DOWNSTREAM_LOCAL_ADDRESS, connection.destination);
        address(out, DOWNSTREAM_REMOTE_ADDRESS, connection.source);
        text(out, REQUESTED_SERVER_NAME, connection.sni, MAX_TEXT);
    }

    private static void security(LineBuffer out, Direction direction, @Nullable TransportSecurity security) {
        switch (security) {
            case null -> {}
            case TransportSecurity.Plaintext plain ->
                out.put(PLAINTEXT_REASON).put(plain.why().label()).put('"');
            case TransportSecurity.Mutual mutual -> {
                out.put(ENCRYPTED);
                text(out, TLS_VERSION, mutual.version(), MAX_TEXT);
                text(out, TLS_CIPHER, mutual.cipher(), MAX_TEXT);
                text(out, TLS_GROUP, mutual.group(), MAX_TEXT);
                identity(out, SOURCE_PRINCIPAL, direction == Direction.INBOUND ? mutual.peer() : mutual.self());
                identity(out, DESTINATION_PRINCIPAL, direction == Direction.INBOUND ? mutual.self() : mutual.peer());
            }
        }
    }

    private static void names(LineBuffer out, ConnectionRecord connection, @Nullable Workload peer) {
        text(out, SERVICE_HOST, connection.serviceHost, MAX_TEXT);
        if (peer != null) {
            text(out, PEER_WORKLOAD, peer.labels().workload(), MAX_TEXT);
            text(out, PEER_NAMESPACE, peer.name().namespace(), MAX_TEXT);
            text(out, PEER_POD, peer.name().name(), MAX_TEXT);
        }
        out.put(CONNECTION_ID).put(connection.id);
    }

    private static void identity(LineBuffer out, byte[] key, SpiffeId id) {
        out.put(key).put("spiffe://").put(id.trustDomain().name());
        out.put("/ns/").put(id.namespace());
        out.put("/sa/").put(id.serviceAccount()).put('"');
    }

    private static void text(LineBuffer out, byte[] key, @Nullable String value, int max) {
        if (value != null) {
            out.put(key).escaped(value, max).put('"');
        }
    }

    private static void address(LineBuffer out, byte[] key, @Nullable InetSocketAddress address) {
        if (address != null) {
            out.put(key).put(address).put('"');
        }
    }

    private static byte[] textKey(String name) {
        return (",\"" + name + "\":\"").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] numberKey(String name) {
        return (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }
}
