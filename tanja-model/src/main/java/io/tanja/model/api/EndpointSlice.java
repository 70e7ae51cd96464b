package io.tanja.model.api;

import java.net.InetAddress;
import java.util.List;

/**
 * Endpoints that somebody keeps by hand for a Service without a selector, as the API server does for its own
 * ({@code discovery.k8s.io/v1}). Those that Kubernetes makes of pods are not read: the pods themselves say it sooner.
 *
 * @param service name of the service in the same namespace; empty if it belongs to none
 * @param endpoints where connections may end
 * @param ports the ports of all of them
 */
public record EndpointSlice(ObjectMeta meta, Origin origin, String service, List<Endpoint> endpoints, List<Port> ports)
        implements ApiObject {
    /** Copies the lists. */
    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * One endpoint.
     *
     * @param addresses its addresses; all reach the same
     * @param ready whether it may get connections
     */
    public record Endpoint(List<InetAddress> addresses, boolean ready) {
        /** Copies the list. */
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * One port.
     *
     * @param name name of the service's port that it belongs to; may be empty
     * @param port its number
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     */
    public record Port(String name, int port, String protocol) {}
}
