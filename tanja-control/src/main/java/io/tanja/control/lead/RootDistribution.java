package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.control.watch.ApiServer;
import io.tanja.control.watch.KindWatch;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the mesh's roots in the ConfigMap {@code istio-ca-root-cert} of every namespace, where pods mount them: what a new
 * namespace lacks or somebody has changed is put right. Its one thread writes, and only while this replica leads.
 */
public final class RootDistribution implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RootDistribution.class);
    /** How often it is looked whether the roots or the leader are others. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** A namespace is written at most so often: it may be about to end, or another mesh may write there too. */
    private static final long AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final KubernetesClient client;
    private final BooleanSupplier leads;
    private final Supplier<String> roots;
    private final LongSupplier nanoTime;
    private final RootConfigMaps present;
    private final Map<String, Long> written = new HashMap<>();
    private final KindWatch watch;
    private final Duty duty;
    private volatile Set<String> namespaces = Set.of();

    /**
     * Begins to watch.
     *
     * @param leads whether this replica may write
     * @param roots the roots in force, PEM
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public RootDistribution(
            KubernetesClient client,
            ApiServer api,
            BooleanSupplier leads,
            Supplier<String> roots,
            LongSupplier nanoTime,
            RandomGenerator random,
            ThreadFactory threads) {
        this.client = client;
        this.leads = leads;
        this.roots = roots;
        this.nanoTime = nanoTime;
        this.duty = new Duty(this::look, LOOK, threads);
        this.present = new RootConfigMaps(duty::changed);
        this.watch = new KindWatch(RootConfigMaps.KIND, api, present, random, threads);
        watch.start();
        duty.start();
    }

    /** Tells which namespaces there are. */
    public void namespaces(Set<String> now) {
        namespaces = Set.copyOf(now);
        duty.changed();
    }

    private void look() {
        if (leads.getAsBoolean()) {
            String wanted = roots.get();
            for (String namespace : present.wrong(namespaces, wanted)) {
                write(namespace, wanted);
            }
        }
    }

    private void write(String namespace, String wanted) {
        long now = nanoTime.getAsLong();
        Long before = written.get(namespace);
        if (before != null && now - before < AGAIN_NANOS) {
            return;
        }
        written.put(namespace, now);
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(RootConfigMaps.NAME)
                .addToLabels("istio.io/config", "true")
                .endMetadata()
                .addToData(RootConfigMaps.KEY, wanted)
                .build();
        try {
            client.configMaps()
                    .inNamespace(namespace)
                    .resource(map)
                    .fieldManager("tanja-control")
                    .forceConflicts()
                    .serverSideApply();
            LOG.info("roots written namespace={} configMap={}", Quote.printable(namespace), RootConfigMaps.NAME);
        } catch (RuntimeException e) {
            if (e instanceof KubernetesClientException failure && EndingNamespace.explains(failure)) {
                LOG.debug("roots not written, the namespace ends namespace={}", Quote.printable(namespace));
                return;
            }
            LOG.warn(
                    "roots not written, pods there cannot join the mesh namespace={} reason=\"{}\"",
                    Quote.printable(namespace),
                    Quote.printable(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        watch.close();
        duty.close();
    }
}
