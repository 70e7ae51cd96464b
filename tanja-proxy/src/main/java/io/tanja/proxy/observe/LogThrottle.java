package io.tanja.proxy.observe;

/** Lets a number of lines pass in each second: what comes in floods is counted whole and logged in part. Thread-safe. */
final class LogThrottle {
    private static final long SECOND = 1_000_000_000;

    private final int perSecond;
    private boolean begun;
    private long beganNanos;
    private int passed;

    LogThrottle(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether a line may pass now. */
    synchronized boolean permits(long nowNanos) {
        if (!begun || nowNanos - beganNanos >= SECOND) {
            begun = true;
            beganNanos = nowNanos;
            passed = 0;
        }
        if (passed == perSecond) {
            return false;
        }
        passed++;
        return true;
    }
}
