package io.tanja.lab.daemon;

import io.tanja.lab.object.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the cluster's state. Everybody else hands it a step; after each batch of steps it brings
 * the world in line with the state.
 */
final class ClusterLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLoop.class);

    private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
    private final Runnable reconcile;
    private final Thread thread;

    /** A step that gives a result or refuses. */
    interface Step<T> {
        T run() throws Rejected;
    }

    /**
     * Starts the thread.
     *
     * @param reconcile brings the world in line; runs on the loop's thread
     */
    ClusterLoop(Runnable reconcile) {
        this.reconcile = reconcile;
        this.thread = Thread.ofPlatform().name("cluster").daemon().unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** Runs a step on the loop's thread, later. */
    void post(Runnable step) {
        steps.add(step);
    }

    /**
     * Runs a step on the loop's thread and waits for its result.
     *
     * @throws Rejected if the step refuses
     * @throws InterruptedException if the waiting thread is interrupted; the step may still run
     */
    <T> T call(Step<T> step) throws Rejected, InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        post(() -> {
            try {
                result.complete(step.run());
            } catch (Rejected | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Rejected rejected -> throw rejected;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void loop() {
        List<Runnable> batch = new ArrayList<>();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                batch.add(steps.take());
                steps.drainTo(batch);
                batch.forEach(ClusterLoop::guarded);
                batch.clear();
                guarded(reconcile);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            // One broken step must not end the lab; the next one reconciles everything again.
            LOG.error("a step of the lab failed", e);
        }
    }
}
