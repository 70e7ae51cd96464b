package io.tanja.pki.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When to renew a certificate, and when to try again after a failure. Pure: the caller passes time and randomness.
 *
 * <p>As Istio's agent ({@code security/pkg/nodeagent/cache/secretcache.go}, {@code rotateTime}): at a share of the
 * lifetime, moved by a random jitter, so that pods which started together do not ask together.
 *
 * @param share the share of the lifetime after which to renew, more than 0 and less than 1
 * @param jitter the most by which the share is moved either way, from 0; share and jitter together stay inside 0 to 1
 * @param firstRetry the wait after the first failure, positive
 * @param longestRetry the wait that repeated failures never exceed, at least {@code firstRetry}
 */
public record RenewalSchedule(double share, double jitter, Duration firstRetry, Duration longestRetry) {
    /** Half-life plus or minus 1 % of the lifetime; retries from 200 ms, doubling up to 30 s. */
    public static final RenewalSchedule HALF_LIFE =
            new RenewalSchedule(0.5, 0.01, Duration.ofMillis(200), Duration.ofSeconds(30));

    private static final int TRIES_LEFT = 8;
    private static final Duration URGENT = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException if a value is outside its range */
    public RenewalSchedule {
        if (!(jitter >= 0 && share - jitter > 0 && share + jitter < 1)) {
            throw new IllegalArgumentException(
                    "share " + share + " plus or minus jitter " + jitter + " must stay between 0 and 1");
        }
        if (!firstRetry.isPositive() || longestRetry.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException(
                    "retries must grow from a positive wait, not from " + firstRetry + " to " + longestRetry);
        }
    }

    /**
     * When to renew. Counted from when we got the certificate and not from its notBefore, which the CA sets back against
     * clock skew: a short-lived certificate would else be past its half-life at birth.
     *
     * @param obtained when the certificate was issued to us
     * @param notAfter when it expires
     * @return between {@code obtained} and {@code notAfter}; {@code obtained} if it is already expired
     */
    public Instant renewAt(Instant obtained, Instant notAfter, RandomGenerator random) {
        Duration lifetime = Duration.between(obtained, notAfter);
        if (!lifetime.isPositive()) {
            return obtained;
        }
        double moved = share + (random.nextDouble() * 2 - 1) * jitter;
        return obtained.plusMillis((long) (lifetime.toMillis() * moved));
    }

    /**
     * How long to wait before the next try: doubling from {@link #firstRetry}, then a random part of up to half taken off,
     * so that clients of a CA that comes back do not return in step. Never more than an eighth of the time that is left,
     * so that a CA that comes back in time is also asked in time, however short certificates live; and at most 5 s when
     * none is left, as everything is refused until then.
     *
     * @param failures how many tries in a row have failed, at least 1
     * @param left how long the certificate in use is valid; not positive when it is expired
     */
    public Duration retryAfter(int failures, Duration left, RandomGenerator random) {
        if (failures < 1) {
            throw new IllegalArgumentException("no failure, no retry: " + failures);
        }
        long most = left.isPositive() ? left.dividedBy(TRIES_LEFT).toMillis() : URGENT.toMillis();
        long limit = Math.min(longestRetry.toMillis(), Math.max(firstRetry.toMillis(), most));
        int doublings = Math.min(failures - 1, 30);
        long first = Math.min(firstRetry.toMillis(), limit);
        long wait = first > limit >> doublings ? limit : first << doublings;
        return Duration.ofMillis(Math.max(1, wait - (long) (random.nextDouble() * wait / 2)));
    }
}
