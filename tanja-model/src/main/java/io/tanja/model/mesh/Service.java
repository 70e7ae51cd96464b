package io.tanja.model.mesh;

import io.tanja.model.identity.NamespacedName;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as a client of the mesh sees it. Its endpoints are the workloads that name it in
 * {@link Workload#services()}.
 *
 * @param name namespace and name of the object
 * @param hostname the full name, {@code webserver.test.svc.cluster.local}
 * @param addresses its virtual addresses; empty for a headless service
 * @param ports its ports
 */
public record Service(NamespacedName name, String hostname, List<InetAddress> addresses, List<ServicePort> ports) {
    /** Copies the lists. */
    public Service {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** The key of the service in xDS and in {@link Workload#services()}: {@code namespace/hostname}. */
    public String key() {
        return name.namespace() + "/" + hostname;
    }

    /** The port with that number, or null. */
    public @Nullable ServicePort port(int number) {
        for (ServicePort p : ports) {
            if (p.port() == number) {
                return p;
            }
        }
        return null;
    }
}
