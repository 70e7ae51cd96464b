package io.tanja.xds.codec;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.xds.proto.istio.workload.Port;
import io.tanja.xds.proto.istio.workload.PortList;
import io.tanja.xds.proto.istio.workload.TunnelProtocol;
import io.tanja.xds.proto.istio.workload.WorkloadStatus;
import io.tanja.xds.proto.tanja.v1.WorkloadTls;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Workloads. The tunnel protocol is always {@code NONE}: a sidecar takes mutual TLS on the application's own port, and
 * ztunnel refuses the value that Istio once had for that. The modes travel in {@code tanja.v1.WorkloadTls}.
 */
final class WorkloadCodec {
    private static final String DEFAULT_ACCOUNT = "default";

    private WorkloadCodec() {}

    static io.tanja.xds.proto.istio.workload.Workload encode(Workload workload, List<String> policies) {
        if (!workload.identity().namespace().equals(workload.name().namespace())) {
            throw new IllegalArgumentException(
                    "workload " + workload.uid() + " has an identity of another namespace, " + workload.identity());
        }
        WorkloadLabels labels = workload.labels();
        var out = io.tanja.xds.proto.istio.workload.Workload.newBuilder()
                .setUid(workload.uid())
                .setName(workload.name().name())
                .setNamespace(workload.name().namespace())
                .setNetwork(ResourceNames.DEFAULT_NETWORK)
                .setTunnelProtocol(TunnelProtocol.NONE)
                .setTrustDomain(workload.identity().trustDomain().name())
                .setServiceAccount(workload.identity().serviceAccount())
                .setWorkloadName(labels.workload())
                .setCanonicalName(labels.canonicalName())
                .setCanonicalRevision(labels.canonicalRevision())
                .setClusterId(labels.cluster())
                .setStatus(workload.ready() ? WorkloadStatus.HEALTHY : WorkloadStatus.UNHEALTHY)
                .addAllAuthorizationPolicies(policies)
                .addExtensions(Extensions.of(
                        Extensions.WORKLOAD_LABELS,
                        io.tanja.xds.proto.tanja.v1.WorkloadLabels.newBuilder()
                                .setApp(labels.app())
                                .setVersion(labels.version())
                                .build()));
        for (InetAddress address : workload.addresses()) {
            out.addAddresses(IpBytes.encode(address));
        }
        // In a fixed order, here and below, so that equal records are equal bytes: versions are hashes of them.
        new TreeMap<>(workload.services()).forEach((service, ports) -> out.putServices(service, ports(ports)));
        if (workload.inbound() != null) {
            out.addExtensions(Extensions.of(Extensions.WORKLOAD_TLS, ModesCodec.encode(workload.inbound())));
        }
        return out.build();
    }

    static Workload decode(FieldPath at, io.tanja.xds.proto.istio.workload.Workload message) throws DecodeException {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < message.getAddressesCount(); i++) {
            addresses.add(IpBytes.decode(at, "addresses[" + i + "]", message.getAddresses(i)));
        }
        @Nullable
        WorkloadTls tls =
                Extensions.find(at, message.getExtensionsList(), Extensions.WORKLOAD_TLS, WorkloadTls.parser());
        return new Workload(
                at.required("uid", message.getUid()),
                at.name(message.getNamespace(), message.getName()),
                identity(at, message),
                addresses,
                labels(at, message),
                ready(at, message.getStatus()),
                tls == null ? null : ModesCodec.decode(at.in("extensions[" + Extensions.WORKLOAD_TLS + "]"), tls),
                services(at, message.getServicesMap()));
    }

    private static SpiffeId identity(FieldPath at, io.tanja.xds.proto.istio.workload.Workload message)
            throws DecodeException {
        TrustDomain domain = message.getTrustDomain().isEmpty()
                ? TrustDomain.CLUSTER_LOCAL
                : at.trustDomain("trust_domain", message.getTrustDomain());
        String account = message.getServiceAccount().isEmpty() ? DEFAULT_ACCOUNT : message.getServiceAccount();
        try {
            return new SpiffeId(domain, message.getNamespace(), account);
        } catch (IllegalArgumentException e) {
            throw at.wrong("service_account", String.valueOf(e.getMessage()));
        }
    }

    private static WorkloadLabels labels(FieldPath at, io.tanja.xds.proto.istio.workload.Workload message)
            throws DecodeException {
        var more = Extensions.find(
                at,
                message.getExtensionsList(),
                Extensions.WORKLOAD_LABELS,
                io.tanja.xds.proto.tanja.v1.WorkloadLabels.parser());
        return new WorkloadLabels(
                message.getWorkloadName(),
                message.getCanonicalName(),
                message.getCanonicalRevision(),
                more == null ? WorkloadLabels.UNKNOWN.app() : more.getApp(),
                more == null ? WorkloadLabels.UNKNOWN.version() : more.getVersion(),
                message.getClusterId());
    }

    private static boolean ready(FieldPath at, WorkloadStatus status) throws DecodeException {
        return switch (status) {
            case HEALTHY -> true;
            case UNHEALTHY -> false;
            case UNRECOGNIZED -> throw at.wrong("status", "has a value that this version does not know");
        };
    }

    private static PortList ports(List<PortMapping> ports) {
        PortList.Builder out = PortList.newBuilder();
        for (PortMapping port : ports) {
            out.addPorts(Port.newBuilder().setServicePort(port.servicePort()).setTargetPort(port.targetPort()));
        }
        return out.build();
    }

    private static Map<String, List<PortMapping>> services(FieldPath at, Map<String, PortList> services)
            throws DecodeException {
        Map<String, List<PortMapping>> out = new HashMap<>();
        for (var entry : services.entrySet()) {
            int slash = entry.getKey().indexOf('/');
            if (slash < 1 || slash == entry.getKey().length() - 1) {
                throw at.wrong("services[" + entry.getKey() + "]", "the key is not <namespace>/<hostname>");
            }
            out.put(entry.getKey(), mappings(at.in("services", entry.getKey()), entry.getValue()));
        }
        return out;
    }

    private static List<PortMapping> mappings(FieldPath at, PortList ports) throws DecodeException {
        List<PortMapping> out = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < ports.getPortsCount(); i++) {
            FieldPath here = at.in("ports", i);
            int number = here.port("service_port", ports.getPorts(i).getServicePort());
            if (!seen.add(number)) {
                throw here.wrong("service_port", number + " is given twice");
            }
            out.add(new PortMapping(
                    number, here.port("target_port", ports.getPorts(i).getTargetPort())));
        }
        return List.copyOf(out);
    }
}
