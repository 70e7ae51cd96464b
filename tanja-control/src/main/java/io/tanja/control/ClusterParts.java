package io.tanja.control;

import io.tanja.control.lead.Leadership;
import io.tanja.control.lead.RootDistribution;
import io.tanja.control.lead.Statuses;
import io.tanja.control.push.Publisher.Published;
import io.tanja.control.serve.Probes;
import io.tanja.control.source.Source;
import io.tanja.control.source.SourceSnapshot;
import io.tanja.control.source.kubernetes.KubernetesSource;
import io.tanja.model.api.Namespace;
import io.tanja.model.module.Deckhouse;
import io.tanja.xds.ads.server.StreamStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Builds what a control plane has on a cluster only: the source, the leader's duties, the kubelet's probes.
 *
 * @param source where objects come from
 * @param leads whether this replica is the one that writes
 * @param writes whether it may write what Deckhouse's module would write too
 * @param cluster where
 * @param namespace the system namespace
 * @param replica this replica's name
 */
record ClusterParts(
        Source source,
        BooleanSupplier leads,
        BooleanSupplier writes,
        Cluster cluster,
        String namespace,
        String replica) {
    /**
     * Starts all but the source.
     *
     * @param ready whether proxies may be sent here
     * @param givesWay set while Deckhouse serves the module in our place
     * @param parts gets what has to be closed
     * @throws ConfigException if the probes' port cannot be opened
     */
    static ClusterParts start(
            ControlOptions options,
            SourceOptions.Kubernetes kubernetes,
            Cluster cluster,
            Trust trust,
            BooleanSupplier ready,
            AtomicBoolean givesWay,
            InstantSource clock,
            ThreadFactory threads,
            List<AutoCloseable> parts)
            throws ConfigException {
        RandomGenerator random = new SecureRandom();
        parts.add(cluster.client());
        try {
            parts.add(Probes.start(kubernetes.probes(), ready, Executors.newThreadPerTaskExecutor(threads)));
        } catch (IOException e) {
            throw new ConfigException(List.of(new ConfigProblem(
                    "--probe-listen",
                    kubernetes.probes() + " cannot be opened: " + e.getMessage(),
                    "stop what uses it, or name another address or port")));
        }
        Leadership leadership = new Leadership(
                cluster.client(),
                options.mesh().rootNamespace(),
                kubernetes.replica(),
                clock,
                System::nanoTime,
                threads);
        parts.add(leadership);
        BooleanSupplier writes = () -> leadership.getAsBoolean() && !givesWay.get();
        RootDistribution roots = new RootDistribution(
                cluster.client(), cluster.api(), writes, trust::roots, System::nanoTime, random, threads);
        parts.add(roots);
        Source source = new KubernetesSource(cluster.api(), clock, System::nanoTime, random, threads);
        return new ClusterParts(
                new Told(source, roots, options.mesh().besideDeckhouse() ? new AtomicBoolean() : givesWay),
                leadership,
                writes,
                cluster,
                options.mesh().rootNamespace(),
                kubernetes.replica());
    }

    /** Begins to tell at objects what has become of them. */
    AutoCloseable keepStatuses(
            Supplier<Published> published,
            Supplier<List<StreamStatus>> streams,
            InstantSource clock,
            ThreadFactory threads) {
        return Statuses.start(
                cluster.client(), leads, published, streams, namespace, replica, clock, System::nanoTime, threads);
    }

    /** Tells whether Deckhouse is there, and then the distribution of roots which namespaces there are. */
    private record Told(Source source, RootDistribution roots, AtomicBoolean givesWay) implements Source {
        @Override
        public void start(Consumer<SourceSnapshot> sink) {
            source.start(snapshot -> {
                givesWay.set(snapshot.objects().stream()
                        .anyMatch(object -> object instanceof Namespace namespace
                                && Deckhouse.serves(
                                        namespace.meta().name(),
                                        namespace.meta().labels())));
                roots.namespaces(snapshot.objects().stream()
                        .filter(Namespace.class::isInstance)
                        .map(namespace -> namespace.meta().name())
                        .collect(Collectors.toUnmodifiableSet()));
                sink.accept(snapshot);
            });
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
