package io.tanja.proxy.observe;

import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** All that is told about one HTTP request. One writer: the event loop of its connection. */
public final class RequestRecord {
    /** The connection it came on. */
    public final ConnectionRecord connection;

    /** When its first byte was read, in epoch milliseconds. */
    public final long startMillis;

    /** When its first byte was read, by {@link System#nanoTime()}. */
    public final long startNanos;

    public String method = "-";
    public String path = "-";
    public String authority = "-";
    public @Nullable String userAgent;
    public @Nullable String requestId;
    public @Nullable String forwardedFor;

    /** The answer's status, 0 if none was sent. */
    public int status;

    /** Where it was sent; null if it was answered here. */
    public @Nullable Upstream upstream;

    public @Nullable TransportSecurity upstreamSecurity;
    public @Nullable InetSocketAddress upstreamLocal;

    /** Attempts made, 1 without a retry. */
    public int attempts;

    /** Milliseconds between sending the request upstream and the answer's head, -1 if there was none. */
    public long upstreamMillis = -1;

    /** Body bytes of the request. */
    public long bytesReceived;

    /** Body bytes of the response. */
    public long bytesSent;

    /** Nanoseconds from first byte in to last byte out. */
    public long durationNanos;

    public @Nullable Refusal refusal;
    public @Nullable String detail;

    /** Starts a record. */
    public RequestRecord(ConnectionRecord connection, long startMillis, long startNanos) {
        this.connection = connection;
        this.startMillis = startMillis;
        this.startNanos = startNanos;
    }

    /** Notes the first cause; later ones are consequences and are dropped. */
    public void refuse(Refusal cause, String why) {
        if (refusal == null) {
            refusal = cause;
            detail = why;
        }
    }
}
