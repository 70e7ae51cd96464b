package io.tanja.model.manifest;

import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.Service;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.identity.Quote;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads Services. */
final class ServiceReader {
    private static final String EXTERNAL_NAME = "ExternalName";
    private static final int MAX_PORT_NAME = 15;

    private ServiceReader() {}

    static Service service(Fields root, ObjectMeta meta, Origin origin) {
        Fields spec = root.objectOrNone("spec");
        String type = spec.oneOf("type", "ClusterIP", "ClusterIP", "NodePort", "LoadBalancer", EXTERNAL_NAME);
        Map<String, String> selector = MetaReader.labels(spec, "selector");
        List<String> written = new ArrayList<>(spec.strings("clusterIPs"));
        String single = spec.string("clusterIP", "");
        if (written.isEmpty() && !single.isEmpty()) {
            written.add(single);
        }
        boolean headless = written.contains("None");
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : written) {
            address(spec, text, addresses);
        }
        List<Service.Port> ports = ports(spec);
        if (ports.isEmpty()
                && !headless
                && !type.equals(EXTERNAL_NAME)
                && !root.report().hasErrors()) {
            spec.error("ports", "a service needs at least one port", "add one with its number");
        }
        return new Service(meta, origin, type, selector, headless ? List.of() : addresses, headless, ports);
    }

    private static void address(Fields spec, String text, List<InetAddress> addresses) {
        if (text.isEmpty() || text.equals("None")) {
            return;
        }
        try {
            addresses.add(IpBlock.address(text));
        } catch (IllegalArgumentException e) {
            spec.error("clusterIP", String.valueOf(e.getMessage()), "remove it, or write an IP address or None");
        }
    }

    private static List<Service.Port> ports(Fields spec) {
        List<Service.Port> ports = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Fields> items = spec.objects("ports");
        for (Fields p : items) {
            String name = p.string("name", "");
            if (name.isEmpty() ? items.size() > 1 : !Names.isLabel(name)) {
                p.error(
                        "name",
                        name.isEmpty()
                                ? "is missing: the service has several ports"
                                : "\"" + Quote.printable(name) + "\" is not a port name",
                        "name every port with lower-case letters, digits and dashes");
            } else if (!name.isEmpty() && !names.add(name)) {
                p.error("name", "\"" + name + "\" is used twice", "give every port its own name");
            }
            if (!p.has("port")) {
                p.error("port", "is missing", "write a number from 1 to 65535");
            }
            int port = p.integer("port", 1, 1, 65535);
            ports.add(new Service.Port(
                    name,
                    port,
                    target(p, port),
                    p.string("appProtocol"),
                    p.oneOf("protocol", "TCP", "TCP", "UDP", "SCTP")));
        }
        return ports;
    }

    private static Service.TargetPort target(Fields port, int number) {
        YamlNode value = port.value("targetPort");
        if (value == null
                || value instanceof YamlNode.Scalar s
                        && s.isInteger()
                        && s.text().equals("0")) {
            return new Service.TargetPort.Numbered(number);
        }
        if (value instanceof YamlNode.Scalar s && s.isString()) {
            String name = s.text();
            boolean letter = name.chars().anyMatch(c -> c >= 'a' && c <= 'z');
            if (!letter || name.length() > MAX_PORT_NAME || !Names.isLabel(name)) {
                port.error(
                        "targetPort",
                        "\"" + Quote.printable(name) + "\" is neither a number nor the name of a container port",
                        "write the number without quotes, or the name that the container gives the port");
            }
            return new Service.TargetPort.Named(name);
        }
        return new Service.TargetPort.Numbered(port.integer("targetPort", number, 1, 65535));
    }
}
