package io.tanja.proxy.http;

import io.netty.util.NetUtil;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head that is passed on: runs of the bytes that came, without the lines that end here (RFC 9110, section
 * 7.6.1), and the lines that the {@link HeaderRules} add. Made once for each event loop; one writer: that loop.
 */
final class HeadEditor {
    private static final long HOP_BY_HOP = KnownField.bits(
            KnownField.CONNECTION,
            KnownField.KEEP_ALIVE,
            KnownField.PROXY_CONNECTION,
            KnownField.UPGRADE,
            KnownField.TE,
            KnownField.HTTP2_SETTINGS);
    private static final byte[] TRAILERS = Octets.of("trailers");
    private static final byte[] HTTP_11 = Octets.of("HTTP/1.1");
    private static final byte[] CONNECTION_UPGRADE = Octets.of("connection: upgrade\r\n");
    private static final byte[] CONNECTION_CLOSE = Octets.of("connection: close\r\n");
    private static final byte[] CONNECTION_KEEP_ALIVE = Octets.of("connection: keep-alive\r\n");
    private static final byte[] HOST = Octets.of("host");
    private static final byte[] CLIENT_CERT = Octets.of("x-forwarded-client-cert: ");
    private static final byte[] FORWARDED_PROTO = Octets.of("x-forwarded-proto");
    private static final byte[] REQUEST_ID = Octets.of("x-request-id");
    private static final byte[] ATTEMPT_COUNT = Octets.of("x-envoy-attempt-count");
    private static final byte[] OPERATION = Octets.of("x-envoy-decorator-operation");
    private static final byte[] SERVICE_TIME = Octets.of("x-envoy-upstream-service-time");
    private static final byte[] SERVER = Octets.of("server");
    private static final byte[] DATE = Octets.of("date");

    private final HeadWriter out;
    private @Nullable String lastCluster;
    private byte @Nullable [] lastOperation;

    HeadEditor(HeadWriter out) {
        this.out = out;
    }

    /** What a response's connection field is to say. */
    enum Persistence {
        /** Nothing: the connection goes on, which is understood. */
        SILENT,
        CLOSE,
        KEEP_ALIVE,
        UPGRADE;

        /** What an answer says. */
        static Persistence of(boolean close, boolean http10) {
            return close ? CLOSE : http10 ? KEEP_ALIVE : SILENT;
        }
    }

    /**
     * Writes the head of a request.
     *
     * @param requestId the identifier to add, null if it has one
     * @param host the host to add, null if it has one
     * @param attempt 1 for the first
     */
    void request(
            ParsedRequest request,
            HeaderRules rules,
            Upstream upstream,
            @Nullable String requestId,
            @Nullable String host,
            int attempt,
            boolean upgrade) {
        out.clear();
        requestLine(request);
        HeadFields fields = request.fields;
        long drops = HOP_BY_HOP | rules.requestDrops;
        if (upgrade) {
            drops &= ~KnownField.UPGRADE.bit();
        }
        copy(request.bytes(), fields, drops);
        if (host != null) {
            out.line(HOST, host);
        }
        if (upgrade) {
            out.append(CONNECTION_UPGRADE);
        }
        if (requestId != null) {
            out.line(REQUEST_ID, requestId);
        }
        if (!fields.has(KnownField.FORWARDED_PROTO)) {
            out.line(FORWARDED_PROTO, rules.forwardedProto);
        }
        if (rules.clientCert != null) {
            clientCert(request, rules.clientCert);
        }
        if (rules.outbound) {
            out.line(ATTEMPT_COUNT, attempt);
            byte[] operation =
                    upstream.security() instanceof UpstreamSecurity.MeshTls ? operation(upstream.cluster()) : null;
            if (operation != null) {
                out.line(OPERATION, operation);
            }
        }
        out.endLine();
    }

    /**
     * Writes the head of a final response, or of 101.
     *
     * @param withOperation whether the caller may be told the operation
     * @param dropCoding whether Transfer-Encoding is not passed on
     * @param date the date to add, null if it has one
     */
    void response(
            ParsedResponse response,
            HeaderRules rules,
            Persistence persistence,
            boolean withOperation,
            boolean dropCoding,
            long serviceMillis,
            byte @Nullable [] date) {
        out.clear();
        statusLine(response);
        long drops = HOP_BY_HOP | rules.responseDrops;
        if (dropCoding) {
            drops |= KnownField.TRANSFER_ENCODING.bit();
        }
        if (persistence == Persistence.UPGRADE) {
            drops &= ~KnownField.UPGRADE.bit();
        }
        copy(response.bytes(), response.fields, drops);
        if (date != null) {
            out.line(DATE, date);
        }
        out.line(SERVICE_TIME, serviceMillis);
        own(rules, persistence, withOperation);
        out.endLine();
    }

    /** The host of a request that names none, as HTTP/1.0 allows: where the caller connected to. */
    static @Nullable String hostOf(ConnectionRecord connection) {
        InetSocketAddress to = connection.destination;
        return to == null || to.getAddress() == null ? null : NetUtil.toSocketAddressString(to);
    }

    /** Writes the head of an interim response. */
    void interim(ParsedResponse response, HeaderRules rules) {
        out.clear();
        statusLine(response);
        copy(response.bytes(), response.fields, HOP_BY_HOP | rules.responseDrops);
        out.endLine();
    }

    /** Appends the fields that responses of this proxy have, its own answers too. */
    void own(HeaderRules rules, Persistence persistence, boolean withOperation) {
        out.line(SERVER, rules.server);
        byte[] operation = rules.operation;
        if (withOperation && operation != null) {
            out.line(OPERATION, operation);
        }
        switch (persistence) {
            case SILENT -> {}
            case CLOSE -> out.append(CONNECTION_CLOSE);
            case KEEP_ALIVE -> out.append(CONNECTION_KEEP_ALIVE);
            case UPGRADE -> out.append(CONNECTION_UPGRADE);
        }
    }

    private void requestLine(ParsedRequest request) {
        byte[] head = request.bytes();
        RequestTarget target = request.target;
        if (target.unchanged() && !request.http10()) {
            out.append(head, 0, request.fields.start());
            return;
        }
        out.append(head, 0, target.start);
        byte[] rewritten = target.rewritten;
        if (rewritten == null) {
            out.append(head, target.pathStart, target.pathEnd);
        } else {
            out.append(rewritten);
        }
        out.append(head, target.pathEnd, target.end).append(' ').append(HTTP_11).endLine();
    }

    private void statusLine(ParsedResponse response) {
        out.append(HTTP_11).append(' ').append(response.bytes(), response.statusStart(), response.fields.start());
    }

    /** Copies all lines but those whose bit is in {@code drops} and those that Connection nominates. */
    private void copy(byte[] head, HeadFields fields, long drops) {
        int from = fields.start();
        for (int i = 0; i < fields.count(); i++) {
            int known = fields.known(i);
            boolean drop = known >= 0 && (drops & 1L << known) != 0 || fields.isNominated(i);
            if (drop && known == KnownField.TE.code() && fields.valueIs(i, TRAILERS)) {
                drop = false;
            }
            if (drop) {
                out.append(head, from, fields.lineStart(i));
                from = fields.lineEnd(i);
            }
        }
        out.append(head, from, fields.end());
    }

    private void clientCert(ParsedRequest request, byte[] element) {
        out.append(CLIENT_CERT);
        HeadFields fields = request.fields;
        if (fields.has(KnownField.CLIENT_CERT)) {
            for (int i = 0; i < fields.count(); i++) {
                boolean there = fields.known(i) == KnownField.CLIENT_CERT.code() && !fields.isNominated(i);
                if (there && fields.valueEnd(i) > fields.valueStart(i)) {
                    out.append(request.bytes(), fields.valueStart(i), fields.valueEnd(i))
                            .append(',');
                }
            }
        }
        out.append(element).endLine();
    }

    private byte @Nullable [] operation(String cluster) {
        if (!cluster.equals(lastCluster)) {
            lastCluster = cluster;
            lastOperation = HeaderRules.operationOf(cluster);
        }
        return lastOperation;
    }
}
