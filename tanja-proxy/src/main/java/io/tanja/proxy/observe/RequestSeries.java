package io.tanja.proxy.observe;

import java.util.concurrent.atomic.AtomicLong;

/** The figures of one kind of request. Safe for use by many threads. */
final class RequestSeries {
    final AtomicLong requests = new AtomicLong();
    final Histogram duration = Histogram.ofMicroseconds();
    final Histogram received = Histogram.ofBytes();
    final Histogram sent = Histogram.ofBytes();

    void record(RequestRecord request) {
        requests.getAndIncrement();
        duration.record(request.durationNanos / 1000);
        received.record(request.bytesReceived);
        sent.record(request.bytesSent);
    }
}
