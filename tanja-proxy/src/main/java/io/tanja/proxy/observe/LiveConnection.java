package io.tanja.proxy.observe;

import org.jspecify.annotations.Nullable;

/**
 * What has been counted of a connection that is still open. The bytes of a long connection are counted at each scrape and
 * at its end; the lock keeps the two from counting the same byte twice. It is held for a few instructions.
 */
final class LiveConnection {
    private final ConnectionRecord record;
    private final @Nullable TcpSeries series;
    final boolean plaintextCounted;
    private long received;
    private long sent;

    LiveConnection(ConnectionRecord record, @Nullable TcpSeries series, boolean plaintextCounted) {
        this.record = record;
        this.series = series;
        this.plaintextCounted = plaintextCounted;
    }

    /**
     * Counts the bytes since the last time. The scrape reads the record's fields without a lock: they may be a little old,
     * and what is missing is counted the next time.
     */
    synchronized void settle() {
        if (series != null) {
            long newReceived = Math.max(received, record.bytesReceived);
            long newSent = Math.max(sent, record.bytesSent);
            series.received.getAndAdd(newReceived - received);
            series.sent.getAndAdd(newSent - sent);
            received = newReceived;
            sent = newSent;
        }
    }

    void closed() {
        settle();
        if (series != null) {
            series.closed.getAndIncrement();
        }
    }
}
