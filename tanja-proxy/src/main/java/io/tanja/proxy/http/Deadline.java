package io.tanja.proxy.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A point in time by which something must have happened, or none. Looked at now and then; it starts no timer. */
final class Deadline {
    private final LongSupplier nanoTime;
    private boolean set;
    private long atNanos;

    Deadline(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void set(Duration fromNow) {
        set = true;
        atNanos = nanoTime.getAsLong() + fromNow.toNanos();
    }

    void clear() {
        set = false;
    }

    boolean passed(long nowNanos) {
        return set && nowNanos - atNanos >= 0;
    }
}
