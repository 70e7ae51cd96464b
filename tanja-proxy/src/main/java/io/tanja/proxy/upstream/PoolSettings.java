package io.tanja.proxy.upstream;

import java.time.Duration;

/**
 * Limits of an {@link UpstreamPool}; each holds per event loop.
 *
 * @param maxIdlePerUpstream idle connections kept for one upstream; 0 keeps none
 * @param maxIdle idle connections kept in all; the one idle for longest goes first
 * @param maxOpen connections open or being opened at one time
 * @param idleTimeout an idle connection is closed after this time
 * @param maxAge a connection older than this is not used again, so that what has changed since it was made takes hold
 */
public record PoolSettings(int maxIdlePerUpstream, int maxIdle, int maxOpen, Duration idleTimeout, Duration maxAge) {
    /** @throws IllegalArgumentException if a number is negative or a time is not positive */
    public PoolSettings {
        if (maxIdlePerUpstream < 0 || maxIdle < 0 || maxOpen < 1) {
            throw new IllegalArgumentException("pool limits must not be negative, maxOpen must be at least 1");
        }
        if (!idleTimeout.isPositive() || !maxAge.isPositive()) {
            throw new IllegalArgumentException("pool times must be positive");
        }
    }

    /** The limits that a sidecar starts with. */
    public static PoolSettings defaults() {
        return new PoolSettings(256, 1024, 65_536, Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    /** The same with another limit of idle connections in all. */
    public PoolSettings withMaxIdle(int most) {
        return new PoolSettings(Math.min(maxIdlePerUpstream, most), most, maxOpen, idleTimeout, maxAge);
    }
}
