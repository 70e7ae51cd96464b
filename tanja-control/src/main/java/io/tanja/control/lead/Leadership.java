package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this replica is the one that writes, by the Lease {@code tanja-leader}. Its one thread asks and renews; others ask
 * {@link #getAsBoolean}. Two may think for a moment that they lead, as with any lease: what the leader writes must bear it.
 */
public final class Leadership implements BooleanSupplier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String NAME = "tanja-leader";
    private static final int LEASE_SECONDS = 15;
    private static final int RETRY_SECONDS = 2;
    /** A leader that could not renew for so long stops before another one may take over. */
    private static final long RENEW_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final String self;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private @Nullable LeaseSpec seen;
    private long seenSince;
    private String failure = "";
    private volatile long leadsUntil;

    /**
     * Begins to try.
     *
     * @param self this replica's name, unlike that of any other
     * @param clock for the times that the Lease tells to people
     * @param nanoTime a monotonic clock in nanoseconds, by which is decided
     */
    public Leadership(
            KubernetesClient client,
            String namespace,
            String self,
            InstantSource clock,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.client = client;
        this.namespace = namespace;
        this.self = self;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.leadsUntil = nanoTime.getAsLong();
        this.seenSince = nanoTime.getAsLong();
        this.timer = Executors.newSingleThreadScheduledExecutor(threads);
        var _ = timer.scheduleWithFixedDelay(this::step, 0, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean getAsBoolean() {
        return leadsUntil - nanoTime.getAsLong() > 0;
    }

    private void step() {
        boolean led = getAsBoolean();
        long asked = nanoTime.getAsLong();
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(NAME).get();
            LeaseSpec spec = lease == null ? null : lease.getSpec();
            if (spec == null || !spec.equals(seen)) {
                seen = spec;
                seenSince = asked;
            }
            LeaseStep step = LeaseStep.next(spec, self, Duration.ofNanos(asked - seenSince));
            leadsUntil = step == LeaseStep.WAIT ? asked : write(lease, self) ? asked + RENEW_NANOS : asked;
            failure = "";
        } catch (RuntimeException e) {
            String why = Quote.printable(String.valueOf(e.getMessage()));
            if (!why.equals(failure)) {
                failure = why;
                LOG.warn("lease not reached lease={}/{} leads={} reason=\"{}\"", namespace, NAME, led, why);
            }
        }
        if (led != getAsBoolean()) {
            LOG.info("leadership lease={}/{} replica={} leads={}", namespace, NAME, self, !led);
        }
    }

    /** Writes ourselves or nobody into the Lease; false if another one was faster. */
    private boolean write(@Nullable Lease present, String holder) {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        LeaseSpec before = present == null ? null : present.getSpec();
        ZonedDateTime acquired =
                before != null && self.equals(before.getHolderIdentity()) ? before.getAcquireTime() : null;
        int transitions = before == null || before.getLeaseTransitions() == null ? 0 : before.getLeaseTransitions();
        LeaseBuilder lease = present == null ? new LeaseBuilder() : new LeaseBuilder(present);
        Lease next = lease.editOrNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(now)
                .withAcquireTime(acquired == null ? now : acquired)
                .withLeaseTransitions(acquired == null ? transitions + 1 : transitions)
                .endSpec()
                .build();
        try {
            var resource = client.leases().inNamespace(namespace).resource(next);
            // With the version that was read, so that the API server takes one of two.
            Lease written = present == null ? resource.create() : resource.update();
            seen = written.getSpec();
            seenSince = nanoTime.getAsLong();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** Gives the Lease up, so that another replica need not wait for it to run out. */
    @Override
    public void close() {
        timer.close();
        if (!getAsBoolean()) {
            return;
        }
        leadsUntil = nanoTime.getAsLong();
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(NAME).get();
            if (lease != null
                    && lease.getSpec() != null
                    && self.equals(lease.getSpec().getHolderIdentity())) {
                write(lease, "");
            }
        } catch (RuntimeException e) {
            LOG.info("lease not given up, it runs out lease={}/{} reason=\"{}\"", namespace, NAME, e.getMessage());
        }
    }
}
