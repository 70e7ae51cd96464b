package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a replica does about the Lease next. */
enum LeaseStep {
    /** It is ours: say that we live. */
    RENEW,
    /** Nobody holds it, or its holder has not been heard of for as long as it promised to be. */
    TAKE,
    /** Another one holds it. */
    WAIT;

    private static final int DEFAULT_SECONDS = 15;

    /**
     * Decides. Times that another machine wrote are never compared with our clock: what counts is for how long we have seen
     * the Lease unchanged, as in client-go ({@code tools/leaderelection}).
     *
     * @param lease what the Lease says; null if it says nothing
     * @param unchangedFor for how long it has said the same
     */
    static LeaseStep next(@Nullable LeaseSpec lease, String self, Duration unchangedFor) {
        String holder = lease == null ? null : lease.getHolderIdentity();
        if (lease == null || holder == null || holder.isEmpty()) {
            return TAKE;
        }
        if (holder.equals(self)) {
            return RENEW;
        }
        Integer seconds = lease.getLeaseDurationSeconds();
        Duration promised = Duration.ofSeconds(seconds == null ? DEFAULT_SECONDS : seconds);
        return unchangedFor.compareTo(promised) < 0 ? WAIT : TAKE;
    }
}
