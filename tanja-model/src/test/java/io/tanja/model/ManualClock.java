package io.tanja.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until a test moves it. Wall time and monotonic time move together. Safe for use by many
 * threads.
 */
public final class ManualClock extends Clock {
    private final Instant start;
    private final AtomicLong nanos;
    private final ZoneId zone;

    private ManualClock(Instant start, AtomicLong nanos, ZoneId zone) {
        this.start = start;
        this.nanos = nanos;
        this.zone = zone;
    }

    /** A clock that stands at a time, in UTC. */
    public static ManualClock at(Instant start) {
        return new ManualClock(start, new AtomicLong(), ZoneOffset.UTC);
    }

    /** A clock that stands at a time in ISO form, such as {@code 2026-01-01T00:00:00Z}. */
    public static ManualClock at(String start) {
        return at(Instant.parse(start));
    }

    /** Moves the time; a negative duration sets the wall clock and the monotonic one back. */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /** The monotonic view, in place of {@link System#nanoTime()}: nanoseconds since the start. */
    public LongSupplier nanoTime() {
        return nanos::get;
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Another view of the same hands. */
    @Override
    public Clock withZone(ZoneId other) {
        return new ManualClock(start, nanos, other);
    }
}
