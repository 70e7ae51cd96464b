package io.tanja.xds.codec;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.xds.proto.istio.workload.NetworkAddress;
import io.tanja.xds.proto.istio.workload.Port;
import io.tanja.xds.proto.tanja.v1.ServicePorts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services. Names and exact protocols of ports travel in the extension {@code tanja.v1.ServicePorts}. */
final class ServiceCodec {
    private ServiceCodec() {}

    static io.tanja.xds.proto.istio.workload.Service encode(Service service) {
        var out = io.tanja.xds.proto.istio.workload.Service.newBuilder()
                .setName(service.name().name())
                .setNamespace(service.name().namespace())
                .setHostname(service.hostname());
        for (InetAddress address : service.addresses()) {
            out.addAddresses(NetworkAddress.newBuilder()
                    .setNetwork(ResourceNames.DEFAULT_NETWORK)
                    .setAddress(IpBytes.encode(address)));
        }
        ServicePorts.Builder details = ServicePorts.newBuilder();
        for (ServicePort port : service.ports()) {
            out.addPorts(Port.newBuilder()
                    .setServicePort(port.port())
                    .setAppProtocol(Enums.encodeForIstio(port.protocol())));
            details.addPorts(io.tanja.xds.proto.tanja.v1.ServicePort.newBuilder()
                    .setPort(port.port())
                    .setName(port.name())
                    .setProtocol(Enums.encode(port.protocol())));
        }
        if (details.getPortsCount() > 0) {
            out.addExtensions(Extensions.of(Extensions.SERVICE_PORTS, details.build()));
        }
        return out.build();
    }

    static Service decode(FieldPath at, io.tanja.xds.proto.istio.workload.Service message) throws DecodeException {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < message.getAddressesCount(); i++) {
            FieldPath here = at.in("addresses", i);
            addresses.add(
                    IpBytes.decode(here, "address", message.getAddresses(i).getAddress()));
        }
        return new Service(
                at.name(message.getNamespace(), message.getName()),
                at.required("hostname", message.getHostname()),
                addresses,
                ports(at, message));
    }

    private static List<ServicePort> ports(FieldPath at, io.tanja.xds.proto.istio.workload.Service message)
            throws DecodeException {
        Map<Integer, ServicePort> details = details(at, message);
        List<ServicePort> ports = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < message.getPortsCount(); i++) {
            FieldPath here = at.in("ports", i);
            int number = here.port("service_port", message.getPorts(i).getServicePort());
            if (!seen.add(number)) {
                throw here.wrong("service_port", number + " is given twice");
            }
            AppProtocol protocol = Enums.decodeFromIstio(
                    here, "app_protocol", message.getPorts(i).getAppProtocol());
            ports.add(details.getOrDefault(number, new ServicePort(number, "", protocol)));
        }
        return ports;
    }

    private static Map<Integer, ServicePort> details(FieldPath at, io.tanja.xds.proto.istio.workload.Service message)
            throws DecodeException {
        Map<Integer, ServicePort> details = new HashMap<>();
        ServicePorts found =
                Extensions.find(at, message.getExtensionsList(), Extensions.SERVICE_PORTS, ServicePorts.parser());
        if (found == null) {
            return details;
        }
        for (int i = 0; i < found.getPortsCount(); i++) {
            FieldPath here = at.in("extensions[" + Extensions.SERVICE_PORTS + "].ports", i);
            var port = found.getPorts(i);
            int number = here.port("port", port.getPort());
            ServicePort decoded =
                    new ServicePort(number, port.getName(), Enums.decode(here, "protocol", port.getProtocol()));
            if (details.put(number, decoded) != null) {
                throw here.wrong("port", number + " is given twice");
            }
        }
        return details;
    }
}
