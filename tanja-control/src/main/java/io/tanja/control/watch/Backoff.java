package io.tanja.control.watch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failures: from half a second, doubling up to ten. Used by one thread. */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 10_000;

    private final RandomGenerator random;
    private final long first;
    private long millis;

    Backoff(RandomGenerator random) {
        this(random, FIRST_MILLIS);
    }

    Backoff(RandomGenerator random, long firstMillis) {
        this.random = random;
        this.first = firstMillis;
        this.millis = firstMillis;
    }

    /** The next wait, between half and all of the present step, so that replicas do not come back together. */
    Duration next() {
        long step = millis;
        millis = Math.min(LONGEST_MILLIS, millis * 2);
        return Duration.ofMillis(step / 2 + random.nextLong(step / 2 + 1));
    }

    void reset() {
        millis = first;
    }
}
