package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Observer;
import io.tanja.proxy.upstream.UpstreamPool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Passes HTTP/1 on, for all connections of one event loop. Make one for each event loop, on which every method is
 * called and on which the pool and the upstream connections live too; nothing here is shared between loops.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a sweep that fails is reported by the event loop
public final class Http1Proxy {
    private static final long SWEEP_SECONDS = 1;

    final UpstreamPool pool;
    final Observer observer;
    final Http1Settings settings;
    final InstantSource clock;
    final LongSupplier nanoTime;
    final RandomGenerator random;
    final Workbench bench;
    private final Set<ClientConnection> connections = new HashSet<>();
    private boolean draining;
    private boolean sweeping;

    /**
     * Makes one.
     *
     * @param pool the upstream connections of the same event loop
     * @param observer is told of each request when it ends; connections are told of by whoever calls {@link #serve}
     * @param nanoTime {@link System#nanoTime()} or its like
     * @param random for request identifiers and the pauses before retries
     */
    public Http1Proxy(
            UpstreamPool pool,
            Observer observer,
            Http1Settings settings,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.pool = pool;
        this.observer = observer;
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        bench = new Workbench(settings, clock);
    }

    /**
     * Serves a connection until it closes. Adds one handler at the end of its pipeline, allows half-close and turns
     * reading on. In the record it sets the protocol and counts requests and bytes, and it notes the last upstream.
     *
     * @param downstream an open connection, its TLS handshake done if it has one
     * @param record told of by the caller when the connection opens and closes
     * @param route judges each request
     * @param rules what happens to header fields
     * @param alreadyRead bytes that were read from it before; taken over
     * @return the connection while it is served, or null if it has closed already
     */
    public @Nullable ServedConnection serve(
            Channel downstream, ConnectionRecord record, HttpRoute route, HeaderRules rules, ByteBuf alreadyRead) {
        if (!downstream.isActive()) {
            alreadyRead.release();
            return null;
        }
        record.protocol = "http/1.1";
        ClientConnection connection = new ClientConnection(this, downstream, record, route, rules);
        connections.add(connection);
        downstream.pipeline().addLast("http", connection);
        connection.start(alreadyRead);
        sweepLater(downstream.eventLoop());
        return connection;
    }

    /** From now on every answer closes its connection; connections without a request are closed at once. */
    public void drain() {
        draining = true;
        for (ClientConnection connection : new ArrayList<>(connections)) {
            connection.drain();
        }
    }

    /** How many connections are being served. */
    public int connectionCount() {
        return connections.size();
    }

    boolean draining() {
        return draining;
    }

    void closed(ClientConnection connection) {
        connections.remove(connection);
    }

    /** Ends what has waited for too long. */
    void sweep() {
        long now = nanoTime.getAsLong();
        for (ClientConnection connection : new ArrayList<>(connections)) {
            connection.checkDeadline(now);
        }
    }

    private void sweepLater(EventLoop loop) {
        if (!sweeping) {
            sweeping = true;
            loop.schedule(
                    () -> {
                        sweeping = false;
                        sweep();
                        if (!connections.isEmpty()) {
                            sweepLater(loop);
                        }
                    },
                    SWEEP_SECONDS,
                    TimeUnit.SECONDS);
        }
    }
}
