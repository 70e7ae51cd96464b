package io.tanja.control.inject;

import io.tanja.model.authz.IpBlock;
import io.tanja.model.inject.CaptureScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** What {@code tanja redirect} is told about one pod. Pure. */
final class RedirectFlags {
    private RedirectFlags() {}

    /** The action and its flags; what stands for the default is left out. */
    static List<String> of(CaptureScope scope) {
        List<String> flags = new ArrayList<>();
        flags.add("apply");
        if (!scope.inboundAll()) {
            flags.add("--include-inbound-ports=" + ports(scope.includeInboundPorts()));
        }
        addUnlessEmpty(flags, "--exclude-inbound-ports=", ports(scope.excludeInboundPorts()));
        if (!scope.outboundAll()) {
            flags.add("--include-outbound-ranges=" + ranges(scope.includeOutboundRanges()));
        }
        addUnlessEmpty(flags, "--exclude-outbound-ranges=", ranges(scope.excludeOutboundRanges()));
        addUnlessEmpty(flags, "--include-outbound-ports=", ports(scope.includeOutboundPorts()));
        addUnlessEmpty(flags, "--exclude-outbound-ports=", ports(scope.excludeOutboundPorts()));
        return flags;
    }

    private static void addUnlessEmpty(List<String> flags, String flag, String list) {
        if (!list.isEmpty()) {
            flags.add(flag + list);
        }
    }

    private static String ports(SortedSet<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String ranges(Collection<IpBlock> ranges) {
        return ranges.stream()
                .map(range -> range.network().getHostAddress() + "/" + range.prefix())
                .collect(Collectors.joining(","));
    }
}
