package io.tanja.proxy.route;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.detect.MeshAlpn;
import io.tanja.proxy.route.OutboundPlan.Endpoint;
import io.tanja.proxy.route.OutboundPlan.Go;
import io.tanja.proxy.route.OutboundPlan.Refuse;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Auto mutual TLS: what the registry knows of a destination → where the connection goes, and how it is protected (Istio,
 * {@code networking/core/cluster_tls.go} and {@code xds/endpoints/mtls_checker.go}). Differs from Istio in one thing: a
 * pod that is called by its own address gets mutual TLS, too.
 */
public final class OutboundTable {
    private static final String PASSTHROUGH = "PassthroughCluster";

    private OutboundTable() {}

    /**
     * Decides.
     *
     * @param lookup what the original destination's address is
     * @param destination the original destination
     * @param policy what happens to what the registry does not know
     */
    public static OutboundPlan plan(Lookup lookup, InetSocketAddress destination, OutboundPolicy policy) {
        return switch (lookup) {
            case Lookup.ServiceHit(Service service, List<Workload> workloads) ->
                ofService(service, workloads, destination);
            case Lookup.WorkloadHit(Workload workload) -> ofWorkload(workload, destination);
            case Lookup.NotInMesh() -> ofStranger(destination, policy);
            case Lookup.Unavailable(String why) ->
                new Refuse(
                        AppProtocol.AUTO,
                        Refusal.DESTINATION_UNKNOWN,
                        text(destination) + " may be in the mesh, and the control plane cannot be asked: " + why);
        };
    }

    private static OutboundPlan ofService(Service service, List<Workload> workloads, InetSocketAddress destination) {
        int number = destination.getPort();
        ServicePort port = service.port(number);
        if (port == null) {
            return new Refuse(
                    AppProtocol.AUTO,
                    Refusal.NO_READY_ENDPOINT,
                    "service " + service.name() + " has no port " + number + "; it has "
                            + service.ports().stream().map(ServicePort::port).toList());
        }
        Set<SpiffeId> expected = workloads.stream().map(Workload::identity).collect(Collectors.toUnmodifiableSet());
        String cluster = "outbound|" + number + "||" + service.hostname();
        String sni = sni(number, service.hostname());
        List<Endpoint> endpoints = new ArrayList<>();
        for (Workload workload : workloads) {
            Integer target = targetPort(workload, service.key(), number);
            InetAddress address = sameFamily(workload.addresses(), destination.getAddress());
            if (workload.ready() && target != null && address != null) {
                InetSocketAddress at = new InetSocketAddress(address, target);
                endpoints.add(endpoint(at, workload, expected, sni, cluster));
            }
        }
        if (endpoints.isEmpty()) {
            return new Refuse(
                    port.protocol(),
                    Refusal.NO_READY_ENDPOINT,
                    "service " + service.name() + " port " + number + ": none of its " + workloads.size()
                            + " workloads is ready");
        }
        return new Go(port.protocol(), service.hostname(), endpoints);
    }

    private static OutboundPlan ofWorkload(Workload workload, InetSocketAddress destination) {
        int port = destination.getPort();
        String host = hostOf(workload, port);
        String name = host != null
                ? host
                : workload.name().name() + "." + workload.name().namespace();
        Endpoint endpoint = endpoint(
                destination, workload, Set.of(workload.identity()), sni(port, name), "outbound|" + port + "||" + name);
        return new Go(AppProtocol.AUTO, host, List.of(endpoint));
    }

    private static OutboundPlan ofStranger(InetSocketAddress destination, OutboundPolicy policy) {
        return switch (policy) {
            case REGISTRY_ONLY ->
                new Refuse(
                        AppProtocol.AUTO,
                        Refusal.DESTINATION_NOT_IN_REGISTRY,
                        text(destination) + " is not in the registry, and the outbound policy is REGISTRY_ONLY");
            case ALLOW_ANY -> {
                Upstream upstream = new Upstream(
                        destination,
                        null,
                        new UpstreamSecurity.Plain(PlaintextReason.DESTINATION_OUTSIDE_MESH),
                        null,
                        PASSTHROUGH);
                // Bytes: nothing of the mesh needs to read them, and a server-first protocol is not kept waiting.
                yield new Go(AppProtocol.TCP, null, List.of(new Endpoint(upstream, upstream)));
            }
        };
    }

    private static Endpoint endpoint(
            InetSocketAddress address, Workload workload, Set<SpiffeId> expected, String sni, String cluster) {
        PlaintextReason plain = plaintextReason(workload.inbound(), address.getPort());
        if (plain != null) {
            Upstream upstream = new Upstream(address, null, new UpstreamSecurity.Plain(plain), workload, cluster);
            return new Endpoint(upstream, upstream);
        }
        return new Endpoint(
                new Upstream(
                        address, null, new UpstreamSecurity.MeshTls(expected, sni, MeshAlpn.HTTP1), workload, cluster),
                new Upstream(
                        address, null, new UpstreamSecurity.MeshTls(expected, sni, MeshAlpn.TCP), workload, cluster));
    }

    private static @Nullable PlaintextReason plaintextReason(@Nullable InboundModes modes, int port) {
        if (modes == null) {
            return PlaintextReason.DESTINATION_OUTSIDE_MESH;
        }
        return modes.of(port) == TlsMode.DISABLE ? PlaintextReason.DESTINATION_MODE_DISABLE : null;
    }

    private static @Nullable Integer targetPort(Workload workload, String service, int port) {
        for (PortMapping mapping : workload.services().getOrDefault(service, List.of())) {
            if (mapping.servicePort() == port) {
                return mapping.targetPort();
            }
        }
        return null;
    }

    /** The one service whose port ends in this port of the workload, or null if there is none or a choice. */
    private static @Nullable String hostOf(Workload workload, int port) {
        String found = null;
        for (Map.Entry<String, List<PortMapping>> service : workload.services().entrySet()) {
            if (service.getValue().stream().anyMatch(mapping -> mapping.targetPort() == port)) {
                if (found != null) {
                    return null;
                }
                found = service.getKey().substring(service.getKey().indexOf('/') + 1);
            }
        }
        return found;
    }

    /** The first address of the caller's own family, else any: a service address of one family may front the other. */
    private static @Nullable InetAddress sameFamily(List<InetAddress> addresses, InetAddress like) {
        for (InetAddress address : addresses) {
            if (address.getClass() == like.getClass()) {
                return address;
            }
        }
        return addresses.isEmpty() ? null : addresses.getFirst();
    }

    private static String sni(int port, String host) {
        return "outbound_." + port + "_._." + host;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
