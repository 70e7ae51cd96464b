package io.tanja.lab.mesh;

import io.tanja.lab.pod.Privileges;
import io.tanja.proxy.redirect.Cidr;
import io.tanja.proxy.redirect.ProxyOwner;
import io.tanja.proxy.redirect.RedirectOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a pod's annotations {@code traffic.sidecar.istio.io/*} say about its redirect. */
final class RedirectAnnotations {
    private static final String PREFIX = "traffic.sidecar.istio.io/";
    private static final String ALL = "*";

    private RedirectAnnotations() {}

    /**
     * The redirect of a pod.
     *
     * @throws IOException if a value has another form; the message names the annotation
     */
    static RedirectOptions read(Map<String, String> annotations, Privileges privileges) throws IOException {
        RedirectOptions standard = RedirectOptions.DEFAULT;
        String inbound = annotations.getOrDefault(PREFIX + "includeInboundPorts", ALL);
        String outbound = annotations.getOrDefault(PREFIX + "includeOutboundIPRanges", ALL);
        return new RedirectOptions(
                standard.inboundPort(),
                standard.outboundPort(),
                privileges.mark() > 0 ? new ProxyOwner.Mark(privileges.mark()) : ProxyOwner.ISTIO,
                inbound.equals(ALL),
                inbound.equals(ALL) ? new TreeSet<>() : ports(annotations, "includeInboundPorts"),
                ports(annotations, "excludeInboundPorts"),
                outbound.equals(ALL),
                outbound.equals(ALL) ? List.of() : ranges(annotations, "includeOutboundIPRanges"),
                ports(annotations, "includeOutboundPorts"),
                ranges(annotations, "excludeOutboundIPRanges"),
                ports(annotations, "excludeOutboundPorts"));
    }

    private static SortedSet<Integer> ports(Map<String, String> annotations, String name) throws IOException {
        SortedSet<Integer> ports = new TreeSet<>();
        for (String item : items(annotations, name)) {
            try {
                int port = Integer.parseInt(item);
                if (port < 1 || port > 65_535) {
                    throw wrong(name, item, "a port from 1 to 65535");
                }
                ports.add(port);
            } catch (NumberFormatException e) {
                throw wrong(name, item, "a port from 1 to 65535");
            }
        }
        return ports;
    }

    private static List<Cidr> ranges(Map<String, String> annotations, String name) throws IOException {
        List<Cidr> ranges = new ArrayList<>();
        for (String item : items(annotations, name)) {
            try {
                ranges.add(Cidr.parse(item));
            } catch (IllegalArgumentException e) {
                throw wrong(name, item, "an address range such as 10.0.0.0/8");
            }
        }
        return ranges;
    }

    private static List<String> items(Map<String, String> annotations, String name) {
        return Arrays.stream(annotations.getOrDefault(PREFIX + name, "").split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static IOException wrong(String name, String item, String expected) {
        return new IOException("metadata.annotations: " + PREFIX + name + ": \"" + item + "\" is not " + expected);
    }
}
