package io.tanja.proxy.redirect;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Chooses where a trial connection goes: somewhere that the options say is captured. Pure. */
final class TrialTarget {
    /** What Istio keeps for such connections; a few more if that one is excluded. */
    private static final List<Integer> PORTS = List.of(15002, 15003, 15005, 15007);

    /** Documentation (RFC 5737, RFC 3849): nobody is there, whatever becomes of the packet. */
    private static final List<InetAddress> NOBODY = Stream.of("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1")
            .map(InetAddress::ofLiteral)
            .toList();

    private TrialTarget() {}

    /** A target of a family, or nothing if the options capture nothing of it. */
    static Optional<InetSocketAddress> of(RedirectOptions options, boolean v4) {
        Stream<Integer> ports =
                options.outboundAll() || options.includeOutboundPorts().isEmpty()
                        ? PORTS.stream()
                        : options.includeOutboundPorts().stream();
        Optional<Integer> port =
                ports.filter(p -> !options.excludeOutboundPorts().contains(p)).findFirst();
        Stream<InetAddress> addresses =
                options.outboundAll() || !options.includeOutboundPorts().isEmpty()
                        ? NOBODY.stream()
                        : options.includeOutboundRanges().stream().map(TrialTarget::inside);
        return port.flatMap(p -> addresses
                .filter(address -> address instanceof Inet4Address == v4)
                .filter(address -> options.excludeOutboundRanges().stream().noneMatch(range -> range.contains(address)))
                .findFirst()
                .map(address -> new InetSocketAddress(address, p)));
    }

    /** An address in a range: nobody's if there is one, else the one after its first, which is no wildcard and no broadcast. */
    private static InetAddress inside(Cidr range) {
        return NOBODY.stream().filter(range::contains).findFirst().orElseGet(() -> {
            InetAddress second = range.second();
            return range.contains(second) ? second : range.address();
        });
    }
}
