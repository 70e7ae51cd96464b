package io.tanja.model.mesh;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pod (or machine) that connections can end in.
 *
 * @param uid unique key, {@code <cluster>//Pod/<namespace>/<name>}
 * @param name namespace and name of the pod
 * @param identity the identity that its certificate must have if it is in the mesh
 * @param addresses its IP addresses
 * @param labels names for metrics and logs
 * @param ready whether it may get new connections
 * @param inbound the modes of its ports if it has a sidecar, null if it is outside the mesh
 * @param services the services it backs, by {@link Service#key()}
 */
public record Workload(
        String uid,
        NamespacedName name,
        SpiffeId identity,
        List<InetAddress> addresses,
        WorkloadLabels labels,
        boolean ready,
        @Nullable InboundModes inbound,
        Map<String, List<PortMapping>> services) {
    /** Copies the collections. */
    public Workload {
        addresses = List.copyOf(addresses);
        services = Map.copyOf(services);
    }

    /** Whether connections to it use mutual TLS, whatever the port. */
    public boolean meshed() {
        return inbound != null;
    }
}
