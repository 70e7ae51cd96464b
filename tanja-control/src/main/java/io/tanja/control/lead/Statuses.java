package io.tanja.control.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.push.Publisher.Published;
import io.tanja.control.state.Member;
import io.tanja.model.identity.NamespacedName;
import io.tanja.xds.ads.server.StreamStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the statuses of the mesh's objects: each replica tells at how many of its proxies the policies are in force, the
 * leader writes. Its one thread looks once a second, and writes what has changed: an object at most every other second, and
 * {@value #AT_ONCE} objects a second.
 */
public final class Statuses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int AT_ONCE = 20;
    private static final long AGAIN_NANOS = Duration.ofSeconds(2).toNanos();
    /** After a failure, which is told once. */
    private static final long FAILED_NANOS = Duration.ofSeconds(30).toNanos();

    /** What was last written to an object. */
    private record Written(DeclaredStatus status, long at, String failure) {}

    private final BooleanSupplier leads;
    private final Supplier<Published> published;
    private final Supplier<List<StreamStatus>> streams;
    private final String namespace;
    private final LongSupplier nanoTime;
    private final ReachBoard board;
    private final StatusWriter writer;
    private final Duty duty;
    private final Map<String, Written> written = new HashMap<>();

    private Statuses(
            KubernetesClient client,
            BooleanSupplier leads,
            Supplier<Published> published,
            Supplier<List<StreamStatus>> streams,
            String namespace,
            String self,
            InstantSource clock,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.leads = leads;
        this.published = published;
        this.streams = streams;
        this.namespace = namespace;
        this.nanoTime = nanoTime;
        this.board = new ReachBoard(client, namespace, self, nanoTime);
        this.writer = new StatusWriter(client, clock);
        this.duty = new Duty(this::look, LOOK, threads);
    }

    /**
     * Begins to look.
     *
     * @param leads whether this replica writes
     * @param streams the proxies that are connected to it
     * @param namespace the system namespace, whose pods the replicas are
     * @param self this replica's name, that of its pod
     * @param clock for the times that statuses tell
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static Statuses start(
            KubernetesClient client,
            BooleanSupplier leads,
            Supplier<Published> published,
            Supplier<List<StreamStatus>> streams,
            String namespace,
            String self,
            InstantSource clock,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        Statuses statuses = new Statuses(client, leads, published, streams, namespace, self, clock, nanoTime, threads);
        statuses.duty.start();
        return statuses;
    }

    private void look() {
        try {
            Published now = published.get();
            Map<String, PolicyReach> own = PolicyReach.of(now, streams.get());
            board.tell(own);
            if (leads.getAsBoolean()) {
                write(ObjectStatuses.of(now, board.sum(own, ready(now)::contains, pods(now)::contains)));
            } else {
                // Who leads again does not know what another one has written.
                written.clear();
            }
        } catch (RuntimeException e) {
            LOG.error("statuses not written", e);
        }
    }

    private Set<String> ready(Published now) {
        return names(now, member -> member.workload().ready());
    }

    private Set<String> pods(Published now) {
        return names(now, _ -> true);
    }

    private Set<String> names(Published now, Predicate<Member> which) {
        return now.catalog().state().members().values().stream()
                .filter(which)
                .map(member -> member.workload().name())
                .filter(name -> name.namespace().equals(namespace))
                .map(NamespacedName::name)
                .collect(Collectors.toSet());
    }

    private void write(List<DeclaredStatus> wanted) {
        int writes = 0;
        Map<String, Written> still = new HashMap<>();
        for (DeclaredStatus status : wanted) {
            String id = status.object().id();
            Written before = written.get(id);
            if (writes < AT_ONCE && due(status, before) && leads.getAsBoolean()) {
                writes++;
                before = write(status, before == null ? "" : before.failure());
            }
            if (before != null) {
                still.put(id, before);
            }
        }
        written.clear();
        written.putAll(still);
    }

    private boolean due(DeclaredStatus status, @Nullable Written before) {
        if (before == null) {
            return true;
        }
        long age = nanoTime.getAsLong() - before.at();
        return before.failure().isEmpty() ? !status.equals(before.status()) && age >= AGAIN_NANOS : age >= FAILED_NANOS;
    }

    private Written write(DeclaredStatus status, String failedBefore) {
        String failure = "";
        try {
            if (writer.write(status)) {
                LOG.debug("status written object=\"{}\"", status.object().id());
            }
        } catch (RuntimeException e) {
            failure = StatusWriter.reason(e);
            if (!failure.equals(failedBefore)) {
                LOG.warn(
                        "status not written object=\"{}\" reason=\"{}\"",
                        status.object().id(),
                        failure);
            }
        }
        return new Written(status, nanoTime.getAsLong(), failure);
    }

    @Override
    public void close() {
        duty.close();
    }
}
