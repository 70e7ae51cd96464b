package io.tanja.control.state;

import io.tanja.model.api.EndpointSlice;
import io.tanja.model.api.Service;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the endpoints behind services without a selector, {@code kubernetes} in {@code default} above all: to the mesh a
 * service without endpoints is one that nobody may call. As Istio's ambient index does
 * ({@code serviceregistry/ambient/workloads.go}, {@code endpointSlicesBuilder}). Used by one thread.
 */
final class ManualEndpoints {
    private static final String NOBODY = "default";

    private final MeshOptions options;
    private final Map<String, Member> members;
    private final Map<InetAddress, String> meshed = new HashMap<>();

    /** @param members the pods by uid, to which is added */
    ManualEndpoints(MeshOptions options, Map<String, Member> members) {
        this.options = options;
        this.members = members;
        members.forEach((uid, member) -> {
            if (member.workload().meshed()) {
                member.workload().addresses().forEach(address -> meshed.put(address, uid));
            }
        });
    }

    void add(ServiceEntry entry, EndpointSlice slice) {
        List<PortMapping> mappings = mappings(entry.declared(), slice);
        if (mappings.isEmpty()) {
            return;
        }
        Map<String, List<PortMapping>> services = Map.of(entry.service().key(), mappings);
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            for (InetAddress address : endpoint.addresses()) {
                String pod = meshed.get(address);
                if (pod == null) {
                    Member member = outside(slice, endpoint, address, services);
                    members.put(member.workload().uid(), member);
                } else {
                    members.computeIfPresent(pod, (uid, member) -> behind(member, services));
                }
            }
        }
    }

    /** An address outside the mesh. It has no identity: that of the namespace's default account stands for none. */
    private Member outside(
            EndpointSlice slice,
            EndpointSlice.Endpoint endpoint,
            InetAddress address,
            Map<String, List<PortMapping>> services) {
        NamespacedName name = slice.name();
        Workload workload = new Workload(
                options.cluster() + "/discovery.k8s.io/EndpointSlice/" + name + "/" + address.getHostAddress(),
                name,
                new SpiffeId(options.trustDomain(), name.namespace(), NOBODY),
                List.of(address),
                WorkloadLabels.UNKNOWN,
                endpoint.ready(),
                null,
                services);
        return new Member(workload, Map.of(), new InboundModes(TlsMode.DISABLE, Map.of()), Map.of(), Map.of());
    }

    /** A pod of the mesh that is an endpoint of one more service, and so keeps its protection. */
    private static Member behind(Member member, Map<String, List<PortMapping>> services) {
        Workload pod = member.workload();
        Map<String, List<PortMapping>> all = new HashMap<>(pod.services());
        all.putAll(services);
        Workload more = new Workload(
                pod.uid(), pod.name(), pod.identity(), pod.addresses(), pod.labels(), pod.ready(), pod.inbound(), all);
        return new Member(more, member.podLabels(), member.modes(), member.modeSource(), member.ports());
    }

    private static List<PortMapping> mappings(Service service, EndpointSlice slice) {
        List<PortMapping> mappings = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            for (EndpointSlice.Port end : slice.ports()) {
                boolean tcp = port.protocol().equals("TCP") && end.protocol().equals("TCP");
                if (tcp && end.name().equals(port.name()) && end.port() != 0) {
                    mappings.add(new PortMapping(port.port(), end.port()));
                }
            }
        }
        return mappings;
    }
}
