package io.tanja.xds.ads.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubles from {@code first} to {@code max}, each time cut by up to a half at
 * random, so that a thousand proxies do not return in step. Used by one thread.
 */
public final class Backoff {
    private final long firstNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private long nextNanos;

    /** Makes one. */
    public Backoff(Duration first, Duration max, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff must have 0 < first <= max, has " + first + " and " + max);
        }
        this.firstNanos = first.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
        this.nextNanos = 2 * firstNanos;
    }

    /** The waits of a proxy that lost its control plane: 100 ms to 5 s. */
    public static Backoff standard(RandomGenerator random) {
        return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), random);
    }

    /** The next wait, never under {@code first}, never over {@code max}. */
    public Duration next() {
        long ceiling = Math.min(nextNanos, maxNanos);
        nextNanos = Math.min(2 * ceiling, maxNanos);
        long floor = Math.max(firstNanos, ceiling / 2);
        return Duration.ofNanos(floor + (ceiling > floor ? random.nextLong(ceiling - floor + 1) : 0));
    }

    /** Starts again at {@code first}. */
    public void reset() {
        nextNanos = 2 * firstNanos;
    }
}
