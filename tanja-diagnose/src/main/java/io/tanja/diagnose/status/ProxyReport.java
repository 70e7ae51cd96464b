package io.tanja.diagnose.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all replicas say, put beside the pods that have sidecars. Pure.
 *
 * @param replicas the replicas that have answered, by name
 * @param rows the proxies, by pod
 * @param notes what could not be found out, and what deserves attention
 */
public record ProxyReport(List<ReplicaStatus> replicas, List<ProxyRow> rows, List<String> notes) {
    /** A replica writes at least every two seconds; clocks of machines differ. */
    private static final Duration STALE = Duration.ofSeconds(30);

    /** Copies the lists. */
    public ProxyReport {
        replicas = List.copyOf(replicas);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /**
     * Puts it together.
     *
     * @param replicas what they say
     * @param pods all pods with a sidecar, of the namespaces that were asked for
     * @param namespace only proxies of this namespace; empty for all
     * @param notes what could not be found out
     * @param now for telling an old status
     */
    public static ProxyReport of(
            List<ReplicaStatus> replicas, List<MeshedPod> pods, String namespace, List<String> notes, Instant now) {
        List<String> said = new ArrayList<>(notes);
        Map<String, MeshedPod> byName = new TreeMap<>();
        pods.forEach(pod -> byName.put(pod.name(), pod));
        List<ProxyRow> rows = new ArrayList<>();
        Set<String> connected = new TreeSet<>();
        for (ReplicaStatus replica : replicas) {
            if (replica.time().isBefore(now.minus(STALE))) {
                said.add(replica.replica() + " wrote its status at " + replica.time()
                        + ": it does not write any more, or its clock is behind");
            }
            for (ConnectedProxy proxy : replica.proxies()) {
                if (namespace.isEmpty() || proxy.pod().startsWith(namespace + "/")) {
                    connected.add(proxy.pod());
                    rows.add(new ProxyRow(proxy.pod(), proxy, byName.get(proxy.pod())));
                }
            }
        }
        for (MeshedPod pod : byName.values()) {
            if (!connected.contains(pod.name()) && pod.running()) {
                rows.add(new ProxyRow(pod.name(), null, pod));
            }
        }
        rows.sort(Comparator.comparing(ProxyRow::pod)
                .thenComparing(row ->
                        row.connected() == null ? Instant.MIN : row.connected().since()));
        return new ProxyReport(
                replicas.stream()
                        .sorted(Comparator.comparing(ReplicaStatus::replica))
                        .toList(),
                rows,
                said);
    }
}
