package io.tanja.control.push;

import io.tanja.control.source.Declared;
import io.tanja.control.source.ProblemLog;
import io.tanja.control.source.SourceSnapshot;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.state.MeshState;
import io.tanja.control.state.MeshStateBuilder;
import io.tanja.control.translate.MeshCatalog;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns snapshots of the source into catalogs, the newest only: what comes while one is being made waits in one slot.
 *
 * <p>Its own thread builds and publishes; others only fill the slot or read the last result.
 */
public final class Publisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    /** How long changes are gathered before they are published, in milliseconds. */
    private static final long DEBOUNCE_MILLIS = 10;

    /**
     * What was last published.
     *
     * @param catalog the state and its resources
     * @param problems what is wrong with the source and with its objects
     * @param declared the objects of the mesh's kinds that the state was made of, sound or not
     */
    public record Published(MeshCatalog catalog, List<Problem> problems, List<Declared> declared) {
        /** Copies the lists. */
        public Published {
            problems = List.copyOf(problems);
            declared = List.copyOf(declared);
        }
    }

    private final MeshOptions options;
    private final Consumer<Published> sink;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final ProblemLog problemLog = new ProblemLog();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable SourceSnapshot slot;
    private boolean closed;
    private volatile Published last;
    private long versions;

    /**
     * Makes a publisher; its thread runs from the first snapshot on.
     *
     * @param sink gets each result, from the publisher's thread
     * @param nanoTime a monotonic clock in nanoseconds, for the log
     * @param threads makes the one thread
     */
    public Publisher(MeshOptions options, Consumer<Published> sink, LongSupplier nanoTime, ThreadFactory threads) {
        this.options = options;
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.last = new Published(MeshCatalog.of("0", MeshState.empty(options), null), List.of(), List.of());
        this.thread = threads.newThread(this::run);
    }

    /**
     * Takes a snapshot. The first is published before this returns, on the caller's thread; later ones soon, and one that
     * still waits is replaced. Called by one thread at a time.
     */
    public void accept(SourceSnapshot snapshot) {
        if (thread.getState() == Thread.State.NEW) {
            publish(snapshot);
            thread.start();
            return;
        }
        lock.lock();
        try {
            slot = snapshot;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What was last published. */
    public Published last() {
        return last;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            SourceSnapshot snapshot = await();
            while (snapshot != null) {
                try {
                    publish(snapshot);
                } catch (RuntimeException e) {
                    // A defect of ours: the proxies keep what they have, and the next change is tried again.
                    LOG.error("state not published, the last one stays in force", e);
                }
                snapshot = await();
            }
        } catch (InterruptedException e) {
            LOG.debug("publisher ends");
        }
    }

    private @Nullable SourceSnapshot await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (slot == null && !closed) {
                changed.await();
            }
            long left = TimeUnit.MILLISECONDS.toNanos(DEBOUNCE_MILLIS);
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            SourceSnapshot newest = slot;
            slot = null;
            return closed ? null : newest;
        } finally {
            lock.unlock();
        }
    }

    private void publish(SourceSnapshot snapshot) {
        long begin = nanoTime.getAsLong();
        MeshState state = MeshStateBuilder.build(
                snapshot.objects(), options, last.catalog().state());
        MeshCatalog catalog = MeshCatalog.of(Long.toString(++versions), state, last.catalog());
        List<Problem> problems = new ArrayList<>(snapshot.problems());
        problems.addAll(state.problems());
        Published next = new Published(catalog, problems, snapshot.declared());
        last = next;
        sink.accept(next);
        problemLog.show(problems);
        LOG.info(
                "state published version={} workloads={} meshed={} services={} policies={} problems={} millis={}",
                catalog.version(),
                state.members().size(),
                state.meshed(),
                state.services().size(),
                state.authorization().size(),
                problems.size(),
                TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begin));
    }
}
