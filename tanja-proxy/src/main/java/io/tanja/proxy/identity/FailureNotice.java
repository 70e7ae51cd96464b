package io.tanja.proxy.identity;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is told of failed renewals: the first failure, every change for the worse, and else a reminder every five
 * minutes. One writer: the control loop.
 */
final class FailureNotice {
    private static final Duration REMIND = Duration.ofMinutes(5);

    private @Nullable Instant told;
    private boolean toldExpired;

    /** What to tell. */
    sealed interface Word {
        /** There has never been a certificate. */
        record NoneYet() implements Word {}

        /**
         * The old one serves on.
         *
         * @param left how long it is valid, positive
         */
        record Serving(Duration left) implements Word {}

        /**
         * The old one has expired: connections are refused from here on.
         *
         * @param since how long ago, not negative
         */
        record Expired(Duration since) implements Word {}
    }

    /**
     * An attempt has failed.
     *
     * @param notAfter when the certificate in use expires, null without one
     * @return null if this has been told lately
     */
    @Nullable
    Word failed(Instant now, @Nullable Instant notAfter) {
        boolean expired = notAfter != null && !now.isBefore(notAfter);
        if (told != null && now.isBefore(told.plus(REMIND)) && expired == toldExpired) {
            return null;
        }
        told = now;
        toldExpired = expired;
        if (notAfter == null) {
            return new Word.NoneYet();
        }
        Duration left = Duration.between(now, notAfter);
        return expired ? new Word.Expired(left.negated()) : new Word.Serving(left);
    }

    /** An attempt has succeeded: the next failure is told at once. */
    void renewed() {
        told = null;
        toldExpired = false;
    }
}
