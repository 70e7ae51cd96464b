package io.tanja.proxy.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tanja.model.security.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections to upstreams, used again by later requests of the same event loop: last in, first out, so that few stay
 * warm and the rest age. A mutual-TLS connection made under an older identity than the current one is not used again.
 * One writer: the event loop that it is made for; every method is called there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a sweep that fails is reported by the event loop
public final class UpstreamPool {
    private static final long SWEEP_SECONDS = 1;

    private final EventLoop loop;
    private final Connector connector;
    private final PoolSettings settings;
    private final LongSupplier identityGeneration;
    private final LongSupplier nanoTime;
    private final Map<Upstream, ArrayDeque<PooledConnection>> idle = new HashMap<>();
    private int idleCount;
    private int openCount;
    private boolean sweeping;
    private @Nullable Upstream lastUpstream;
    private @Nullable ArrayDeque<PooledConnection> lastQueue;

    /**
     * Makes an empty pool.
     *
     * @param loop where it and its connections live
     * @param identityGeneration a number that changes whenever the proxy's identity or trust bundle does
     * @param nanoTime {@link System#nanoTime()} or its like
     */
    public UpstreamPool(
            EventLoop loop,
            Connector connector,
            PoolSettings settings,
            LongSupplier identityGeneration,
            LongSupplier nanoTime) {
        this.loop = loop;
        this.connector = connector;
        this.settings = settings;
        this.identityGeneration = identityGeneration;
        this.nanoTime = nanoTime;
    }

    /** Gets the outcome of {@link #acquire}; called once, often before {@code acquire} returns. */
    public interface Taker {
        /** Here it is; the taker must occupy, release or close it. */
        void ready(PooledConnection connection);

        /** There is none. */
        void failed(ConnectException cause);
    }

    /**
     * Takes an idle connection, or makes one.
     *
     * @param fresh never take one that was used before
     */
    public void acquire(Upstream upstream, boolean fresh, Taker taker) {
        PooledConnection connection = fresh ? null : takeIdle(upstream);
        if (connection != null) {
            taker.ready(connection);
            return;
        }
        if (openCount >= settings.maxOpen()) {
            taker.failed(new ConnectException(
                    Refusal.LIMIT_REACHED, openCount + " upstream connections are open, the limit of one event loop"));
            return;
        }
        openCount++;
        long generation = identityGeneration.getAsLong();
        Future<Connector.ConnectedChannel> connecting = connector.connect(loop, upstream);
        if (connecting.isDone()) {
            connected(upstream, generation, connecting, taker);
        } else {
            connecting.addListener(future -> connected(upstream, generation, connecting, taker));
        }
    }

    /** Closes all idle connections, as when the process ends. */
    public void closeIdle() {
        for (PooledConnection connection : allIdle()) {
            forget(connection);
            connection.close();
        }
    }

    /** How many connections are idle. */
    public int idleCount() {
        return idleCount;
    }

    /** How many connections are open or being opened, idle ones included. */
    public int openCount() {
        return openCount;
    }

    PoolSettings settings() {
        return settings;
    }

    private void connected(
            Upstream upstream, long generation, Future<Connector.ConnectedChannel> connecting, Taker taker) {
        if (!connecting.isSuccess()) {
            openCount--;
            taker.failed(
                    connecting.cause() instanceof ConnectException known
                            ? known
                            : new ConnectException(Refusal.CONNECT_FAILED, String.valueOf(connecting.cause())));
            return;
        }
        PooledConnection connection =
                new PooledConnection(this, upstream, connecting.getNow(), generation, nanoTime.getAsLong());
        connection.install();
        if (!connection.channel().isActive()) {
            openCount--;
            connection.close();
            taker.failed(new ConnectException(Refusal.CONNECT_FAILED, "the connection closed at once"));
            return;
        }
        taker.ready(connection);
    }

    private @Nullable PooledConnection takeIdle(Upstream upstream) {
        ArrayDeque<PooledConnection> queue = queue(upstream);
        if (queue == null) {
            return null;
        }
        long now = nanoTime.getAsLong();
        long generation = identityGeneration.getAsLong();
        for (PooledConnection next = queue.pollLast(); next != null; next = queue.pollLast()) {
            idleCount--;
            if (next.usable(now, generation)) {
                return next;
            }
            next.close();
        }
        return null;
    }

    void offer(PooledConnection connection) {
        long now = nanoTime.getAsLong();
        if (settings.maxIdle() == 0
                || settings.maxIdlePerUpstream() == 0
                || !connection.usable(now, identityGeneration.getAsLong())) {
            connection.close();
            return;
        }
        ArrayDeque<PooledConnection> queue = queue(connection.upstream());
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            idle.put(connection.upstream(), queue);
            lastUpstream = connection.upstream();
            lastQueue = queue;
        }
        connection.idleSince(now);
        queue.addLast(connection);
        idleCount++;
        if (queue.size() > settings.maxIdlePerUpstream()) {
            evict(queue.getFirst());
        } else if (idleCount > settings.maxIdle()) {
            evict(longestIdle());
        }
        sweepLater();
    }

    /** Takes a connection out of the idle ones, if it is there. */
    void forget(PooledConnection connection) {
        ArrayDeque<PooledConnection> queue = queue(connection.upstream());
        if (queue != null && queue.removeLastOccurrence(connection)) {
            idleCount--;
        }
    }

    /** A connection has closed. */
    void gone(PooledConnection connection) {
        openCount--;
        forget(connection);
    }

    /** Closes what has been idle for too long or may not be used again. */
    void sweep() {
        long now = nanoTime.getAsLong();
        long generation = identityGeneration.getAsLong();
        for (PooledConnection connection : allIdle()) {
            boolean tooLong =
                    now - connection.idleSinceNanos() >= settings.idleTimeout().toNanos();
            if (tooLong || !connection.usable(now, generation)) {
                evict(connection);
            }
        }
        Iterator<ArrayDeque<PooledConnection>> queues = idle.values().iterator();
        while (queues.hasNext()) {
            if (queues.next().isEmpty()) {
                queues.remove();
            }
        }
        lastUpstream = null;
        lastQueue = null;
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            loop.schedule(
                    () -> {
                        sweeping = false;
                        sweep();
                        if (idleCount > 0) {
                            sweepLater();
                        }
                    },
                    SWEEP_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    private void evict(PooledConnection connection) {
        forget(connection);
        connection.close();
    }

    private PooledConnection longestIdle() {
        List<PooledConnection> all = allIdle();
        PooledConnection oldest = all.getFirst();
        for (PooledConnection next : all) {
            if (next.idleSinceNanos() - oldest.idleSinceNanos() < 0) {
                oldest = next;
            }
        }
        return oldest;
    }

    private List<PooledConnection> allIdle() {
        List<PooledConnection> all = new ArrayList<>(idleCount);
        idle.values().forEach(all::addAll);
        return all;
    }

    /** The queue of an upstream; the last one asked for is found without hashing a whole record. */
    @SuppressWarnings("ReferenceEquality")
    private @Nullable ArrayDeque<PooledConnection> queue(Upstream upstream) {
        if (upstream != lastUpstream) {
            ArrayDeque<PooledConnection> found = idle.get(upstream);
            if (found == null) {
                return null;
            }
            lastUpstream = upstream;
            lastQueue = found;
        }
        return lastQueue;
    }
}
