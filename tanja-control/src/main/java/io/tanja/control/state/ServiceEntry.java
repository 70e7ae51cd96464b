package io.tanja.control.state;

import io.tanja.model.api.Pod;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * A declared service with what the mesh makes of it.
 *
 * @param declared the object
 * @param service what clients see
 */
record ServiceEntry(io.tanja.model.api.Service declared, Service service) {
    private static final String EXTERNAL_NAME = "ExternalName";

    /** Whether the mesh serves such a service at all; an ExternalName is only an entry in DNS. */
    static boolean served(io.tanja.model.api.Service declared) {
        return !declared.type().equals(EXTERNAL_NAME);
    }

    static ServiceEntry of(io.tanja.model.api.Service declared) {
        List<ServicePort> ports = new ArrayList<>();
        for (io.tanja.model.api.Service.Port port : declared.ports()) {
            if (!port.protocol().equals("SCTP")) {
                ports.add(new ServicePort(
                        port.port(),
                        port.name(),
                        AppProtocol.declared(port.name(), port.appProtocol(), port.protocol(), port.port())));
            }
        }
        // DNS has one number for both transports; who asks for a port by its number means the TCP one.
        ports.sort(Comparator.comparing(port -> port.protocol() == AppProtocol.UDP));
        String hostname = declared.meta().name() + "." + declared.meta().namespace() + ".svc.cluster.local";
        return new ServiceEntry(
                declared,
                new Service(declared.name(), hostname, declared.headless() ? List.of() : declared.clusterIPs(), ports));
    }

    boolean selects(Pod pod) {
        return !declared.selector().isEmpty()
                && pod.meta()
                        .labels()
                        .entrySet()
                        .containsAll(declared.selector().entrySet());
    }

    /** Where the TCP ports end in a pod; a port whose named target the pod does not have ends nowhere. */
    List<PortMapping> mappings(Pod pod) {
        List<PortMapping> mappings = new ArrayList<>();
        for (io.tanja.model.api.Service.Port port : declared.ports()) {
            OptionalInt target = port.target().in(pod.spec());
            if (port.protocol().equals("TCP") && target.isPresent()) {
                mappings.add(new PortMapping(port.port(), target.getAsInt()));
            }
        }
        return mappings;
    }
}
