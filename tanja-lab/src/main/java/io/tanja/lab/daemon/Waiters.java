package io.tanja.lab.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Those who wait until something holds. Used by the cluster's thread only, which looks after every change. */
final class Waiters {
    private final List<Waiter> waiting = new ArrayList<>();

    /**
     * One who waits.
     *
     * @param missing what still does not hold, for people; empty when all does
     * @param done completed when nothing is missing
     */
    private record Waiter(Supplier<List<String>> missing, CompletableFuture<Void> done) {}

    /**
     * Adds one who waits.
     *
     * @param missing what does not hold yet; asked on the cluster's thread
     */
    CompletableFuture<Void> add(Supplier<List<String>> missing) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.add(new Waiter(missing, done));
        return done;
    }

    /** Looks whether anyone's wait is over. */
    void look() {
        waiting.removeIf(waiter -> {
            if (waiter.done().isDone()) {
                return true;
            }
            if (waiter.missing().get().isEmpty()) {
                waiter.done().complete(null);
                return true;
            }
            return false;
        });
    }
}
