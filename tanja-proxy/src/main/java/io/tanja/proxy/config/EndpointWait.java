package io.tanja.proxy.config;

import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * The wait for the first ready workload behind an address. The news of a pod that has just become ready may be a moment
 * behind the pod; who comes in that moment waits. Each time that there is none it is waited for once: after that whoever
 * comes is told at once, so that a service that is down fails fast. Used by the control loop only.
 */
final class EndpointWait {
    private enum State {
        READY,
        AWAITED,
        GIVEN_UP
    }

    private final List<Promise<Lookup>> waiting = new ArrayList<>();
    private State state = State.READY;
    private int episode;

    /** Answers {@code promise} when the wait is over, with {@code now} if there is no wait. */
    void await(Promise<Lookup> promise, Lookup now) {
        if (state == State.AWAITED) {
            waiting.add(promise);
        } else {
            promise.trySuccess(now);
        }
    }

    /** What the address is has been told anew; true if a wait begins, which is to be ended by {@link #giveUp}. */
    boolean update(Lookup now) {
        if (!lacksEndpoint(now)) {
            end(State.READY, now);
            return false;
        }
        if (state != State.READY) {
            return false;
        }
        state = State.AWAITED;
        episode++;
        return true;
    }

    /** The number of the present wait, or of the last. */
    int episode() {
        return episode;
    }

    /** Ends the wait of that number if it still lasts. */
    void giveUp(int number, Lookup now) {
        if (state == State.AWAITED && number == episode) {
            end(State.GIVEN_UP, now);
        }
    }

    private void end(State then, Lookup now) {
        state = then;
        for (Promise<Lookup> each : waiting) {
            each.trySuccess(now);
        }
        waiting.clear();
    }

    private static boolean lacksEndpoint(Lookup lookup) {
        return lookup instanceof Lookup.ServiceHit hit
                && hit.workloads().stream().noneMatch(workload -> workload.ready());
    }
}
