package io.tanja.proxy.observe;

import io.tanja.model.mesh.Workload;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * All that is told about one captured connection. Filled in as the connection goes on; one writer: the connection's
 * event loop. A null field is not known (yet).
 */
public final class ConnectionRecord {
    /** Unique inside this process. */
    public final long id;

    /** Which way it was captured. */
    public final Direction direction;

    /** The direct peer. */
    public final InetSocketAddress source;

    /** When it was accepted, in epoch milliseconds. */
    public final long startMillis;

    /** When it was accepted, by {@link System#nanoTime()}. */
    public final long startNanos;

    /** The original destination. */
    public @Nullable InetSocketAddress destination;

    /** How the downstream side is protected (inbound: towards the caller). */
    public @Nullable TransportSecurity downstream;

    /** How the upstream side is protected (outbound: towards the destination). */
    public @Nullable TransportSecurity upstream;

    /** Where the bytes went. */
    public @Nullable InetSocketAddress upstreamAddress;

    /** Our own address on the upstream connection. */
    public @Nullable InetSocketAddress upstreamLocal;

    /** Istio's cluster name of the upstream, {@code outbound|80||web.test.svc.cluster.local}. */
    public @Nullable String cluster;

    /** The server name of the caller's TLS. */
    public @Nullable String sni;

    /** The destination service's full host name. */
    public @Nullable String serviceHost;

    /** The workload at the other end, if known. */
    public @Nullable Workload peer;

    /** {@code http/1.1}, {@code tcp} or {@code tls}: what the bytes turned out to be. */
    public @Nullable String protocol;

    /** Why it was refused or failed; null while nothing is wrong. */
    public @Nullable Refusal refusal;

    /** Expected and actual, the policy and rule; null while nothing is wrong. */
    public @Nullable String detail;

    /** Application bytes from the caller. */
    public long bytesReceived;

    /** Application bytes to the caller. */
    public long bytesSent;

    /** Requests seen on it, 0 for opaque bytes. */
    public int requests;

    /** Starts a record. */
    public ConnectionRecord(long id, Direction direction, InetSocketAddress source, long startMillis, long startNanos) {
        this.id = id;
        this.direction = direction;
        this.source = source;
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
