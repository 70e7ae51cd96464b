package io.tanja.proxy.redirect;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is redirected, as Istio's annotations say it.
 *
 * @param inboundPort where the proxy accepts inbound connections
 * @param outboundPort where it accepts outbound connections
 * @param owner how the proxy's own packets are told
 * @param inboundAll whether all inbound ports are captured; else those of {@code includeInboundPorts}
 * @param includeInboundPorts see above
 * @param excludeInboundPorts never captured; the proxy's own are always among them
 * @param outboundAll whether all outbound ranges are captured; else those of {@code includeOutboundRanges}
 * @param includeOutboundRanges see above
 * @param includeOutboundPorts captured whatever the range
 * @param excludeOutboundRanges never captured
 * @param excludeOutboundPorts never captured
 */
public record RedirectOptions(
        int inboundPort,
        int outboundPort,
        ProxyOwner owner,
        boolean inboundAll,
        SortedSet<Integer> includeInboundPorts,
        SortedSet<Integer> excludeInboundPorts,
        boolean outboundAll,
        List<Cidr> includeOutboundRanges,
        SortedSet<Integer> includeOutboundPorts,
        List<Cidr> excludeOutboundRanges,
        SortedSet<Integer> excludeOutboundPorts) {
    /** HBONE; terminated by the proxy itself, so never redirected to the capture port. */
    static final int HBONE = 15008;

    /** Merged metrics, readiness and the proxy's metrics: asked by kubelet and Prometheus, which have no identity. */
    static final List<Integer> OWN_PORTS = List.of(15020, 15021, 15090);

    /** Everything but the proxy's own, by Istio's user. */
    public static final RedirectOptions DEFAULT = new RedirectOptions(
            15006,
            15001,
            ProxyOwner.ISTIO,
            true,
            new TreeSet<>(),
            new TreeSet<>(),
            true,
            List.of(),
            new TreeSet<>(),
            List.of(),
            new TreeSet<>());

    /** @throws IllegalArgumentException if a port is out of range; the message names its field */
    public RedirectOptions {
        requirePort("inboundPort", inboundPort);
        requirePort("outboundPort", outboundPort);
        includeInboundPorts = ports("includeInboundPorts", includeInboundPorts);
        excludeInboundPorts = ports("excludeInboundPorts", excludeInboundPorts);
        includeOutboundPorts = ports("includeOutboundPorts", includeOutboundPorts);
        excludeOutboundPorts = ports("excludeOutboundPorts", excludeOutboundPorts);
        includeOutboundRanges = List.copyOf(includeOutboundRanges);
        excludeOutboundRanges = List.copyOf(excludeOutboundRanges);
    }

    private static SortedSet<Integer> ports(String field, SortedSet<Integer> ports) {
        ports.forEach(port -> requirePort(field, port));
        return Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    }

    private static void requirePort(String field, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(field + ": " + port + " is not a port (1 to 65535)");
        }
    }

    /** The same with another owner. */
    public RedirectOptions withOwner(ProxyOwner other) {
        return new RedirectOptions(
                inboundPort,
                outboundPort,
                other,
                inboundAll,
                includeInboundPorts,
                excludeInboundPorts,
                outboundAll,
                includeOutboundRanges,
                includeOutboundPorts,
                excludeOutboundRanges,
                excludeOutboundPorts);
    }
}
