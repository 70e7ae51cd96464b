package io.tanja.control.source.kubernetes;

import io.tanja.control.source.Declared;
import io.tanja.control.source.Source;
import io.tanja.control.source.SourceSnapshot;
import io.tanja.control.watch.ApiServer;
import io.tanja.control.watch.KindWatch;
import io.tanja.control.watch.WatchedKind;
import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of a Kubernetes API server. One thread per kind watches; one more gathers what changed and hands snapshots
 * over, so that a burst of changes is one snapshot.
 */
public final class KubernetesSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

    /** Quiet time after which a burst of changes counts as over, in milliseconds. */
    private static final long QUIET_MILLIS = 10;
    /** Longest burst that is waited for, in milliseconds: in a big cluster something changes all the time. */
    private static final long BURST_MILLIS = 100;
    /** How often it is told what the first snapshot waits for. */
    private static final long TELL_SECONDS = 10;

    private final List<KindTable> tables = new ArrayList<>();
    private final List<KindWatch> watches = new ArrayList<>();
    private final Semaphore changes = new Semaphore(0);
    private final LongSupplier nanoTime;
    private final ThreadFactory threads;
    private @Nullable Thread thread;

    /**
     * Makes a source that is not watching yet.
     *
     * @param clock since when a kind is out of sight
     * @param nanoTime a monotonic clock in nanoseconds
     * @param random for waits after failures
     * @param threads makes the threads; virtual ones are meant
     */
    public KubernetesSource(
            ApiServer api, InstantSource clock, LongSupplier nanoTime, RandomGenerator random, ThreadFactory threads) {
        this.nanoTime = nanoTime;
        this.threads = threads;
        for (WatchedKind kind : MeshKinds.ALL) {
            KindTable table = new KindTable(kind, clock, changes::release);
            tables.add(table);
            watches.add(new KindWatch(kind, api, table, random, threads));
        }
    }

    /**
     * {@inheritDoc} Waits for the API server as long as it takes: half of a state would be an invented one.
     *
     * @throws IllegalStateException also if the thread is interrupted while it waits
     */
    @Override
    public void start(Consumer<SourceSnapshot> sink) {
        if (thread != null) {
            throw new IllegalStateException("already started");
        }
        watches.forEach(KindWatch::start);
        try {
            awaitAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            watches.forEach(KindWatch::close);
            throw new IllegalStateException("interrupted before all lists were complete", e);
        }
        changes.drainPermits();
        SourceSnapshot first = snapshot();
        sink.accept(first);
        Thread gather = threads.newThread(() -> gather(first, sink));
        thread = gather;
        gather.start();
    }

    @Override
    public void close() {
        watches.forEach(KindWatch::close);
        Thread gather = thread;
        if (gather == null) {
            return;
        }
        gather.interrupt();
        try {
            gather.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAll() throws InterruptedException {
        while (!tables.stream().allMatch(KindTable::settled)) {
            if (!changes.tryAcquire(TELL_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "the first state waits for {}",
                        tables.stream()
                                .filter(table -> !table.settled())
                                .map(KindTable::waitsFor)
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private void gather(SourceSnapshot first, Consumer<SourceSnapshot> sink) {
        SourceSnapshot last = first;
        try {
            while (true) {
                changes.acquire();
                awaitQuiet();
                SourceSnapshot now = snapshot();
                if (!now.equals(last)) {
                    last = now;
                    sink.accept(now);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("source ends");
        }
    }

    private void awaitQuiet() throws InterruptedException {
        long begin = nanoTime.getAsLong();
        do {
            changes.drainPermits();
        } while (nanoTime.getAsLong() - begin < TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS)
                && changes.tryAcquire(QUIET_MILLIS, TimeUnit.MILLISECONDS));
        changes.drainPermits();
    }

    private SourceSnapshot snapshot() {
        List<ApiObject> objects = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<Declared> declared = new ArrayList<>();
        tables.forEach(table -> table.addTo(objects, problems, declared));
        return new SourceSnapshot(objects, problems, declared);
    }
}
