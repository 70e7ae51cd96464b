package io.tanja.proxy.observe;

import io.tanja.model.security.Refusal;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the metrics and, if there is one, the access log. Of the connections that are refused because too many are open,
 * the log gets some in each second: a flood shall not push everything else out of it. The metrics count all.
 */
public final class ProxyObserver implements Observer {
    private static final int LIMIT_LINES_PER_SECOND = 10;

    private final TrafficMetrics metrics;
    private final @Nullable AccessLog log;
    private final LongSupplier nanoTime;
    private final LogThrottle throttle = new LogThrottle(LIMIT_LINES_PER_SECOND);

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
            long now = nanoTime.getAsLong();
            if (connection.refusal != Refusal.LIMIT_REACHED || throttle.permits(now)) {
                log.connection(connection, now);
            }
        }
    }
}
