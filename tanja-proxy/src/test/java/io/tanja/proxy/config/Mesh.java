package io.tanja.proxy.config;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.xds.ads.client.Received;
import io.tanja.xds.codec.AddressResource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workloads and services for tests. */
final class Mesh {
    private Mesh() {}

    static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(text, e);
        }
    }

    static Workload pod(String name, String ip, String... services) {
        Map<String, List<PortMapping>> backs = new HashMap<>();
        for (String service : services) {
            backs.put("test/" + service + ".test.svc.cluster.local", List.of(new PortMapping(80, 8080)));
        }
        return new Workload(
                "Kubernetes//Pod/test/" + name,
                new NamespacedName("test", name),
                SpiffeId.parse("spiffe://cluster.local/ns/test/sa/" + name),
                List.of(ip(ip)),
                new WorkloadLabels(name, name, "latest", name, "unknown", "Kubernetes"),
                true,
                InboundModes.PERMISSIVE,
                backs);
    }

    static Workload unready(Workload pod) {
        return new Workload(
                pod.uid(),
                pod.name(),
                pod.identity(),
                pod.addresses(),
                pod.labels(),
                false,
                pod.inbound(),
                pod.services());
    }

    static Service service(String name, String vip) {
        return new Service(
                new NamespacedName("test", name),
                name + ".test.svc.cluster.local",
                List.of(ip(vip)),
                List.of(new ServicePort(80, "http", AppProtocol.HTTP)));
    }

    static Received<AddressResource> received(Workload workload) {
        return new Received<>(workload.uid(), "1", List.of(), new AddressResource.OfWorkload(workload));
    }

    static Received<AddressResource> received(Service service) {
        return new Received<>(service.key(), "1", List.of(), new AddressResource.OfService(service));
    }

    static List<String> names(Workload... workloads) {
        return Arrays.stream(workloads).map(Workload::uid).toList();
    }
}
