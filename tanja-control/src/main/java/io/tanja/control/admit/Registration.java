package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.lead.Duty;
import io.tanja.control.watch.ApiServer;
import io.tanja.control.watch.KindWatch;
import io.tanja.control.watch.WatchedKind;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
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
    /** Where it calls for objects of the mesh's kinds. */
    public static final String VALIDATION_PATH = ValidationObject.PATH;

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    /** How often it is looked whether the roots, the ModuleConfig or the leader are others. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Written at most so often, if somebody else writes there too. */
    private static final long AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final String name;
    private final KubernetesClient client;
    private final BooleanSupplier leads;
    private final Supplier<? extends HasMetadata> wanted;
    private final LongSupplier nanoTime;
    private final RegistrationWatch present;
    private final KindWatch watch;
    private final Duty duty;
    private @Nullable HasMetadata written;
    private long writtenAt;
    private String failure = "";

    private Registration(
            WatchedKind kind,
            String name,
            KubernetesClient client,
            ApiServer api,
            BooleanSupplier leads,
            Supplier<? extends HasMetadata> wanted,
            Runnable registered,
            LongSupplier nanoTime,
            RandomGenerator random,
            ThreadFactory threads) {
        this.name = name;
        this.duty = new Duty(this::look, LOOK, threads);
        this.present = new RegistrationWatch(name, duty::changed, registered);
        this.client = client;
        this.leads = leads;
        this.wanted = wanted;
        this.nanoTime = nanoTime;
        this.watch = new KindWatch(kind, api, present, random, threads);
    }

    /**
     * Begins to watch the injector's registration and to write it; called when this replica answers reviews.
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
        return new Registration(
                        RegistrationWatch.kind(
                                "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", WebhookObject.NAME),
                        WebhookObject.NAME,
                        client,
                        api,
                        leads,
                        () -> WebhookObject.of(roots.get(), systemNamespace, enabled.getAsBoolean()),
                        registered,
                        nanoTime,
                        random,
                        threads)
                .started();
    }

    /** The same for the validator's. */
    public static Registration startValidation(
            KubernetesClient client,
            ApiServer api,
            BooleanSupplier leads,
            Supplier<String> roots,
            String systemNamespace,
            LongSupplier nanoTime,
            RandomGenerator random,
            ThreadFactory threads) {
        return new Registration(
                        RegistrationWatch.kind(
                                "ValidatingWebhookConfiguration",
                                "validatingwebhookconfigurations",
                                ValidationObject.NAME),
                        ValidationObject.NAME,
                        client,
                        api,
                        leads,
                        () -> ValidationObject.of(roots.get(), systemNamespace),
                        () -> {},
                        nanoTime,
                        random,
                        threads)
                .started();
    }

    private Registration started() {
        watch.start();
        duty.start();
        return this;
    }

    private void look() {
        if (leads.getAsBoolean()) {
            HasMetadata now = wanted.get();
            boolean again = !now.equals(written) || nanoTime.getAsLong() - writtenAt >= AGAIN_NANOS;
            if (again && present.differs(tree(now))) {
                write(now);
            }
        }
    }

    private Map<String, Object> tree(HasMetadata object) {
        Map<?, ?> tree = client.getKubernetesSerialization().convertValue(object, Map.class);
        return Map.of("webhooks", tree.get("webhooks"));
    }

    private void write(HasMetadata object) {
        written = object;
        writtenAt = nanoTime.getAsLong();
        try {
            client.resource(object)
                    .fieldManager("tanja-control")
                    .forceConflicts()
                    .serverSideApply();
            LOG.info("webhooks registered object={}", name);
            failure = "";
        } catch (RuntimeException e) {
            String why = Quote.printable(String.valueOf(e.getMessage()));
            if (!why.equals(failure)) {
                failure = why;
                LOG.warn("webhooks not registered object={} reason=\"{}\"", name, why);
            }
        }
    }

    @Override
    public void close() {
        watch.close();
        duty.close();
    }
}
