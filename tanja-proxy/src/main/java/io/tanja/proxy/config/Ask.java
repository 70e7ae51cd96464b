package io.tanja.proxy.config;

import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for one address that stands with the control plane. Written by the control loop, except for the mark of use,
 * which any event loop sets.
 */
final class Ask {
    private enum State {
        PENDING,
        PRESENT,
        ABSENT
    }

    private final String name;
    private final List<Promise<Lookup>> waiting = new ArrayList<>();
    private final EndpointWait endpoint = new EndpointWait();
    private State state = State.PENDING;
    // Not volatile: a mark that is seen late only makes the eviction a little less exact.
    private boolean used;

    Ask(String name) {
        this.name = name;
    }

    /** The name of the address with the control plane. */
    String name() {
        return name;
    }

    /** The wait for a ready workload behind the address. */
    EndpointWait endpoint() {
        return endpoint;
    }

    void use() {
        if (!used) {
            used = true;
        }
    }

    /** Whether it was used since the last time this was asked. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    boolean pending() {
        return state == State.PENDING;
    }

    boolean absent() {
        return state == State.ABSENT;
    }

    void askedAgain() {
        state = State.PENDING;
    }

    void isPresent() {
        state = State.PRESENT;
    }

    void isAbsent() {
        state = State.ABSENT;
    }

    void await(Promise<Lookup> promise) {
        waiting.add(promise);
    }

    void forget(Promise<Lookup> promise) {
        waiting.remove(promise);
    }

    boolean awaited() {
        return !waiting.isEmpty();
    }

    /** Answers everybody who waits. */
    void answer(@Nullable Lookup lookup) {
        if (lookup != null) {
            for (Promise<Lookup> each : waiting) {
                each.trySuccess(lookup);
            }
            waiting.clear();
        }
    }
}
