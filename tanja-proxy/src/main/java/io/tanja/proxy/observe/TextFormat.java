package io.tanja.proxy.observe;

import io.tanja.model.security.Refusal;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Istio's default text line ({@code pilot/pkg/model/telemetry_logging.go}), field by field. As there, a connection has a
 * line of its own only when it carried no request. The label of a {@link Refusal} stands where Envoy has its own detail,
 * and what was expected and found stands in the transport failure field.
 */
final class TextFormat implements LineFormat {
    private static final int MAX_PATH = 1024;
    private static final int MAX_TEXT = 300;

    private final Timestamp timestamp = new Timestamp();

    @Override
    public boolean wants(ConnectionRecord connection) {
        return connection.requests == 0;
    }

    @Override
    public void request(LineBuffer out, RequestRecord request) {
        ConnectionRecord connection = request.connection;
        start(out, request.startMillis);
        out.escapedWord(request.method, MAX_TEXT)
                .put(' ')
                .escapedWord(request.path, MAX_PATH)
                .put(' ');
        out.put(httpVersion(connection)).put("\" ").put((long) request.status).put(' ');
        Refusal refusal = request.refusal;
        if (refusal == null) {
            out.put(request.upstream == null ? "- direct_response - " : "- via_upstream - ");
        } else {
            out.put(refusal.flag()).put(' ').put(refusal.label()).put(" - ");
        }
        quoted(out, refusal == null ? null : request.detail);
        amounts(out, request.bytesReceived, request.bytesSent, request.durationNanos / 1_000_000);
        if (request.upstreamMillis >= 0) {
            out.put(request.upstreamMillis).put(' ');
        } else {
            out.put("- ");
        }
        quoted(out, request.forwardedFor);
        quoted(out, request.userAgent);
        quoted(out, request.requestId);
        quoted(out, request.authority);
        InetSocketAddress host = request.upstream == null ? connection.upstreamAddress : request.upstream.address();
        InetSocketAddress local = request.upstreamLocal == null ? connection.upstreamLocal : request.upstreamLocal;
        tail(out, connection, host, Wire.cluster(request), local);
    }

    @Override
    public void connection(LineBuffer out, ConnectionRecord connection, long endNanos) {
        start(out, connection.startMillis);
        out.put("- - -\" 0 ");
        Refusal refusal = connection.refusal;
        if (refusal == null) {
            out.put("- - - ");
        } else {
            out.put(refusal.flag()).put(" - ").put(refusal.label()).put(' ');
        }
        quoted(out, refusal == null ? null : connection.detail);
        amounts(out, connection.bytesReceived, connection.bytesSent, (endNanos - connection.startNanos) / 1_000_000);
        out.put("- \"-\" \"-\" \"-\" \"-\" ");
        tail(out, connection, connection.upstreamAddress, connection.cluster, connection.upstreamLocal);
    }

    /** Envoy's spelling of what the connection carries. */
    static String httpVersion(ConnectionRecord connection) {
        String protocol = connection.protocol;
        return switch (protocol) {
            case null -> "-";
            case "http/1.1" -> "HTTP/1.1";
            case "http/1.0" -> "HTTP/1.0";
            case "h2" -> "HTTP/2";
            default -> protocol.toUpperCase(Locale.ROOT);
        };
    }

    private void start(LineBuffer out, long startMillis) {
        out.put('[');
        timestamp.put(out, startMillis);
        out.put("] \"");
    }

    private static void amounts(LineBuffer out, long received, long sent, long millis) {
        out.put(received).put(' ').put(sent).put(' ').put(millis).put(' ');
    }

    private static void tail(
            LineBuffer out,
            ConnectionRecord connection,
            @Nullable InetSocketAddress host,
            @Nullable String cluster,
            @Nullable InetSocketAddress local) {
        out.put('"');
        address(out, host);
        out.put("\" ");
        word(out, cluster);
        address(out.put(' '), local);
        address(out.put(' '), connection.destination);
        address(out.put(' '), connection.source);
        out.put(' ');
        word(out, connection.sni);
        out.put(" default\n");
    }

    private static void quoted(LineBuffer out, @Nullable String value) {
        out.put('"');
        if (value == null || value.isEmpty()) {
            out.put('-');
        } else {
            out.escaped(value, MAX_TEXT);
        }
        out.put("\" ");
    }

    private static void word(LineBuffer out, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            out.put('-');
        } else {
            out.escapedWord(value, MAX_TEXT);
        }
    }

    private static void address(LineBuffer out, @Nullable InetSocketAddress address) {
        if (address == null) {
            out.put('-');
        } else {
            out.put(address);
        }
    }
}
