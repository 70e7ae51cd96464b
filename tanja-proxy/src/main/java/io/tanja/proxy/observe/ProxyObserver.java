package io.tanja.proxy.observe;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the metrics and, if there is one, the access log. */
public final class ProxyObserver implements Observer {
    private final TrafficMetrics metrics;
    private final @Nullable AccessLog log;
    private final LongSupplier nanoTime;

    /**
     * Makes one.
     *
     * @param metrics counts everything
     * @param log gets a line for everything, or null for no access log
     * @param nanoTime the clock of {@link ConnectionRecord#startNanos}
     */
    public ProxyObserver(TrafficMetrics metrics, @Nullable AccessLog log, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.log = log;
        this.nanoTime = nanoTime;
    }

    @Override
    public void connectionOpened(ConnectionRecord connection) {
        metrics.opened(connection);
    }

    @Override
    public void requestEnded(RequestRecord request) {
        metrics.ended(request);
        if (log != null) {
            log.request(request);
        }
    }

    @Override
    public void connectionClosed(ConnectionRecord connection) {
        metrics.closed(connection);
        if (log != null) {
            log.connection(connection, nanoTime.getAsLong());
        }
    }
}
