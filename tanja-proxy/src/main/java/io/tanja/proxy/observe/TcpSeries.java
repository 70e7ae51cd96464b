package io.tanja.proxy.observe;

import java.util.concurrent.atomic.AtomicLong;

/** The figures of one kind of opaque connection. Safe for use by many threads. */
final class TcpSeries {
    final AtomicLong opened = new AtomicLong();
    final AtomicLong closed = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong received = new AtomicLong();
}
