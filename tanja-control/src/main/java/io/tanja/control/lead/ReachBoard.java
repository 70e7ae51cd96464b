package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where replicas tell each other at how many of their proxies each policy is in force: ConfigMap {@code tanja-reach}, one key
 * for each replica, which only that replica writes. A proxy is connected to one replica, so that the leader adds the numbers
 * up. Used by one thread.
 */
final class ReachBoard {
    static final String NAME = "tanja-reach";

    private static final Logger LOG = LoggerFactory.getLogger(ReachBoard.class);
    /** How often it is read and written at most. */
    private static final long AGAIN_NANOS = Duration.ofSeconds(2).toNanos();
    /** Within it is put right what somebody else has made of it. */
    private static final long ANYWAY_NANOS = Duration.ofMinutes(1).toNanos();

    private final KubernetesClient client;
    private final KubernetesSerialization json;
    private final String namespace;
    private final String self;
    private final LongSupplier nanoTime;
    private String written = "";
    private long writtenAt;
    private Map<String, String> read = Map.of();
    private long readAt;
    private String failure = "";

    ReachBoard(KubernetesClient client, String namespace, String self, LongSupplier nanoTime) {
        this.client = client;
        this.json = client.getKubernetesSerialization();
        this.namespace = namespace;
        this.self = self;
        this.nanoTime = nanoTime;
        this.writtenAt = nanoTime.getAsLong() - AGAIN_NANOS;
        this.readAt = writtenAt;
    }

    /** Writes what this replica knows, if it is not written yet. */
    void tell(Map<String, PolicyReach> own) {
        Map<String, List<Long>> content = new TreeMap<>();
        own.forEach((policy, reach) -> content.put(policy, List.of(reach.generation(), (long) reach.current())));
        String text = json.asJson(content);
        long age = nanoTime.getAsLong() - writtenAt;
        if (age < (text.equals(written) ? ANYWAY_NANOS : AGAIN_NANOS)) {
            return;
        }
        writtenAt = nanoTime.getAsLong();
        attempt(() -> {
            apply(self, Map.of(self, text));
            written = text;
        });
    }

    /** A manager for each replica: what one applies takes only away what the same one has applied before. */
    private void apply(String replica, Map<String, String> data) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .addToLabels("app.kubernetes.io/managed-by", "tanja-control")
                .endMetadata()
                .withData(data)
                .build();
        client.configMaps()
                .inNamespace(namespace)
                .resource(map)
                .fieldManager("tanja-control-" + replica)
                .forceConflicts()
                .serverSideApply();
    }

    /**
     * Adds what the others have told, and removes the words of those that are gone. Called by the leader.
     *
     * @param lives whether a replica serves
     * @param exists whether there is a replica of that name
     */
    Map<String, PolicyReach> sum(Map<String, PolicyReach> own, Predicate<String> lives, Predicate<String> exists) {
        if (nanoTime.getAsLong() - readAt >= AGAIN_NANOS) {
            readAt = nanoTime.getAsLong();
            attempt(() -> {
                read = read();
                read.keySet().stream()
                        .filter(replica -> !replica.equals(self) && !exists.test(replica))
                        .forEach(replica -> apply(replica, Map.of()));
            });
        }
        Map<String, PolicyReach> all = new HashMap<>(own);
        read.forEach((replica, text) -> {
            if (!replica.equals(self) && lives.test(replica)) {
                content(text)
                        .forEach((policy, told) -> all.computeIfPresent(
                                policy,
                                (id, reach) -> told.size() == 2 && told.getFirst() == reach.generation()
                                        ? reach.plus(Math.toIntExact(told.getLast()))
                                        : reach));
            }
        });
        return all;
    }

    private Map<String, String> read() {
        ConfigMap map =
                client.configMaps().inNamespace(namespace).withName(NAME).get();
        return map == null || map.getData() == null ? Map.of() : Map.copyOf(map.getData());
    }

    private Map<String, List<Long>> content(String text) {
        Map<String, List<Long>> content = new HashMap<>();
        try {
            Map<?, ?> map = json.unmarshal(text, Map.class);
            map.forEach((policy, told) -> {
                if (told instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
                    content.put(
                            String.valueOf(policy),
                            list.stream()
                                    .map(number -> ((Number) number).longValue())
                                    .toList());
                }
            });
        } catch (RuntimeException e) {
            LOG.debug("another replica's numbers cannot be read", e);
        }
        return content;
    }

    private void attempt(Runnable call) {
        try {
            call.run();
            failure = "";
        } catch (RuntimeException e) {
            String why = Quote.printable(String.valueOf(e.getMessage()));
            if (!why.equals(failure)) {
                failure = why;
                LOG.warn(
                        "replicas do not hear of each other's proxies, statuses tell the leader's only"
                                + " configMap={}/{} reason=\"{}\"",
                        namespace,
                        NAME,
                        why);
            }
        }
    }
}
