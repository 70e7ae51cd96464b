package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.watch.ApiServer;
import io.tanja.control.watch.KindWatch;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the webhooks registered with the API server: the leader owns the whole object, so that what pods are asked about, the
 * roots that the answer is verified with and what happens without an answer never are of different days. Installing brings no
 * such object; uninstalling deletes it, after the control plane, which would make it anew. Its one thread writes, and only
 * while this replica leads.
 */
public final class Registration implements AutoCloseable {
    /** Where the API server calls for new pods. */
    public static final String INJECTION_PATH = WebhookObject.PATH;

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    /** How often it is looked whether the roots, the ModuleConfig or the leader are others. */
    private static final long LOOK_MILLIS = 1_000;
    /** Written at most so often, if somebody else writes there too. */
    private static final long AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final KubernetesClient client;
    private final BooleanSupplier leads;
    private final Supplier<MutatingWebhookConfiguration> wanted;
    private final LongSupplier nanoTime;
    private final Semaphore changes = new Semaphore(0);
    private final RegistrationWatch present;
    private final KindWatch watch;
    private final Thread thread;
    private MutatingWebhookConfiguration written = new MutatingWebhookConfiguration();
    private long writtenAt;
    private String failure = "";

    private Registration(
            KubernetesClient client,
            ApiServer api,
            BooleanSupplier leads,
            Supplier<MutatingWebhookConfiguration> wanted,
            Runnable registered,
            LongSupplier nanoTime,
            RandomGenerator random,
            ThreadFactory threads) {
        this.present = new RegistrationWatch(changes::release, registered);
        this.client = client;
        this.leads = leads;
        this.wanted = wanted;
        this.nanoTime = nanoTime;
        this.watch = new KindWatch(RegistrationWatch.KIND, api, present, random, threads);
        this.thread = threads.newThread(this::run);
    }

    /**
     * Begins to watch and to write; called when this replica answers reviews.
     *
     * @param leads whether this replica may write
     * @param roots the roots in force, PEM
     * @param enabled whether the ModuleConfig is enabled
     * @param registered called whenever the API server is seen to have the registration, whoever wrote it
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static Registration start(
            KubernetesClient client,
            ApiServer api,
            BooleanSupplier leads,
            Supplier<String> roots,
            String systemNamespace,
            BooleanSupplier enabled,
            Runnable registered,
            LongSupplier nanoTime,
            RandomGenerator random,
            ThreadFactory threads) {
        Registration registration = new Registration(
                client,
                api,
                leads,
                () -> WebhookObject.of(roots.get(), systemNamespace, enabled.getAsBoolean()),
                registered,
                nanoTime,
                random,
                threads);
        registration.watch.start();
        registration.thread.start();
        return registration;
    }

    private void run() {
        try {
            while (true) {
                if (changes.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
                if (leads.getAsBoolean()) {
                    MutatingWebhookConfiguration now = wanted.get();
                    boolean again = !now.equals(written) || nanoTime.getAsLong() - writtenAt >= AGAIN_NANOS;
                    if (again && present.differs(tree(now))) {
                        write(now);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("registration ends");
        }
    }

    private Map<String, Object> tree(MutatingWebhookConfiguration object) {
        Map<?, ?> tree = client.getKubernetesSerialization().convertValue(object, Map.class);
        return Map.of("webhooks", tree.get("webhooks"));
    }

    private void write(MutatingWebhookConfiguration object) {
        written = object;
        writtenAt = nanoTime.getAsLong();
        try {
            client.resource(object)
                    .fieldManager("tanja-control")
                    .forceConflicts()
                    .serverSideApply();
            LOG.info(
                    "webhooks registered object={} failurePolicy={}",
                    WebhookObject.NAME,
                    object.getWebhooks().getFirst().getFailurePolicy());
            failure = "";
        } catch (RuntimeException e) {
            String why = Quote.printable(String.valueOf(e.getMessage()));
            if (!why.equals(failure)) {
                failure = why;
                LOG.warn(
                        "webhooks not registered, new pods get no sidecar object={} reason=\"{}\"",
                        WebhookObject.NAME,
                        why);
            }
        }
    }

    @Override
    public void close() {
        watch.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
