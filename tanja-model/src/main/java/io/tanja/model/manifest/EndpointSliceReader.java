package io.tanja.model.manifest;

import io.tanja.model.api.EndpointSlice;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.authz.IpBlock;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads EndpointSlices. */
final class EndpointSliceReader {
    private static final String SERVICE = "kubernetes.io/service-name";
    private static final String NAMES = "FQDN";

    private EndpointSliceReader() {}

    static EndpointSlice read(Fields root, ObjectMeta meta, Origin origin) {
        List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
        // Names are for DNS; nothing connects to them through the mesh.
        if (!root.string("addressType", "").equals(NAMES)) {
            for (Fields endpoint : root.objects("endpoints")) {
                endpoints.add(new EndpointSlice.Endpoint(
                        addresses(endpoint),
                        // Not said means ready, says the API.
                        endpoint.objectOrNone("conditions").bool("ready", true)));
            }
        }
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (Fields port : root.objects("ports")) {
            ports.add(new EndpointSlice.Port(
                    port.string("name", ""),
                    port.integer("port", 0, 1, 65535),
                    port.oneOf("protocol", "TCP", "TCP", "UDP", "SCTP")));
        }
        return new EndpointSlice(meta, origin, meta.labels().getOrDefault(SERVICE, ""), endpoints, ports);
    }

    private static List<InetAddress> addresses(Fields endpoint) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : endpoint.strings("addresses")) {
            try {
                addresses.add(IpBlock.address(text));
            } catch (IllegalArgumentException e) {
                endpoint.error("addresses", String.valueOf(e.getMessage()), "write IPv4 or IPv6 addresses");
            }
        }
        return addresses;
    }
}
