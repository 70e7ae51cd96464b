package io.tanja.model.inject;

import io.tanja.model.authz.IpBlock;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which of a pod's traffic its sidecar takes, as the annotations {@code traffic.sidecar.istio.io/*} say it. What is left
 * out is never encrypted.
 *
 * @param inboundAll whether all inbound ports are taken; else those of {@code includeInboundPorts}
 * @param includeInboundPorts see above; empty takes none
 * @param excludeInboundPorts never taken
 * @param outboundAll whether all destinations are taken; else those of {@code includeOutboundRanges}
 * @param includeOutboundRanges see above; empty takes none
 * @param includeOutboundPorts taken whatever the range
 * @param excludeOutboundRanges never taken
 * @param excludeOutboundPorts never taken
 */
public record CaptureScope(
        boolean inboundAll,
        SortedSet<Integer> includeInboundPorts,
        SortedSet<Integer> excludeInboundPorts,
        boolean outboundAll,
        List<IpBlock> includeOutboundRanges,
        SortedSet<Integer> includeOutboundPorts,
        List<IpBlock> excludeOutboundRanges,
        SortedSet<Integer> excludeOutboundPorts) {
    /** What all the annotations begin with. */
    public static final String PREFIX = "traffic.sidecar.istio.io/";

    private static final String ALL = "*";
    private static final String INCLUDE_INBOUND = PREFIX + "includeInboundPorts";
    private static final String EXCLUDE_INBOUND = PREFIX + "excludeInboundPorts";
    private static final String INCLUDE_RANGES = PREFIX + "includeOutboundIPRanges";
    private static final String EXCLUDE_RANGES = PREFIX + "excludeOutboundIPRanges";
    private static final String INCLUDE_OUTBOUND = PREFIX + "includeOutboundPorts";
    private static final String EXCLUDE_OUTBOUND = PREFIX + "excludeOutboundPorts";

    /** What holds where nobody says otherwise: all inbound ports, all destinations. */
    public static final CaptureScope EVERYTHING = new CaptureScope(
            true, new TreeSet<>(), new TreeSet<>(), true, List.of(), new TreeSet<>(), List.of(), new TreeSet<>());

    /** The annotations that are read. */
    public static final List<String> ANNOTATIONS = List.of(
            INCLUDE_INBOUND, EXCLUDE_INBOUND, INCLUDE_RANGES, EXCLUDE_RANGES, INCLUDE_OUTBOUND, EXCLUDE_OUTBOUND);

    /** Copies the collections. */
    public CaptureScope {
        includeInboundPorts = Collections.unmodifiableSortedSet(new TreeSet<>(includeInboundPorts));
        excludeInboundPorts = Collections.unmodifiableSortedSet(new TreeSet<>(excludeInboundPorts));
        includeOutboundPorts = Collections.unmodifiableSortedSet(new TreeSet<>(includeOutboundPorts));
        excludeOutboundPorts = Collections.unmodifiableSortedSet(new TreeSet<>(excludeOutboundPorts));
        includeOutboundRanges = List.copyOf(includeOutboundRanges);
        excludeOutboundRanges = List.copyOf(excludeOutboundRanges);
    }

    /**
     * Reads annotations. A value of another form is a problem, and its part then takes everything.
     *
     * @param pod the object for messages, {@code Pod shop/web-1}
     * @param annotations the pod's
     * @param problems gets what is wrong
     */
    public static CaptureScope read(String pod, Map<String, String> annotations, List<Problem> problems) {
        return read(pod, annotations, EVERYTHING, problems);
    }

    /**
     * The same where the mesh has defaults. An annotation replaces its default whole, as in Istio's injection template.
     *
     * @param defaults what holds for each annotation that the pod does not have
     */
    public static CaptureScope read(
            String pod, Map<String, String> annotations, CaptureScope defaults, List<Problem> problems) {
        Reader in = new Reader(pod, annotations, problems);
        boolean inboundAll = in.has(INCLUDE_INBOUND) ? in.text(INCLUDE_INBOUND).equals(ALL) : defaults.inboundAll;
        boolean outboundAll = in.has(INCLUDE_RANGES) ? in.text(INCLUDE_RANGES).equals(ALL) : defaults.outboundAll;
        return new CaptureScope(
                inboundAll,
                inboundAll ? new TreeSet<>() : in.ports(INCLUDE_INBOUND, defaults.includeInboundPorts),
                in.ports(EXCLUDE_INBOUND, defaults.excludeInboundPorts),
                outboundAll,
                outboundAll ? List.of() : in.ranges(INCLUDE_RANGES, defaults.includeOutboundRanges),
                in.ports(INCLUDE_OUTBOUND, defaults.includeOutboundPorts),
                in.ranges(EXCLUDE_RANGES, defaults.excludeOutboundRanges),
                in.ports(EXCLUDE_OUTBOUND, defaults.excludeOutboundPorts));
    }

    /** Reads a port from 1 to 65535 in decimal digits; empty if it is none. */
    public static OptionalInt port(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        return port < 1 || port > 65_535 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private record Reader(String pod, Map<String, String> annotations, List<Problem> problems) {
        boolean has(String name) {
            return annotations.containsKey(name);
        }

        String text(String name) {
            return annotations.getOrDefault(name, "").strip();
        }

        SortedSet<Integer> ports(String name, SortedSet<Integer> otherwise) {
            if (!has(name)) {
                return otherwise;
            }
            SortedSet<Integer> ports = new TreeSet<>();
            for (String item : items(name)) {
                OptionalInt port = port(item);
                if (port.isEmpty()) {
                    // One is told; a list of a million would be a list of a million complaints.
                    wrong(name, item, "a port from 1 to 65535", "15432,6379");
                    return ports;
                } else {
                    ports.add(port.getAsInt());
                }
            }
            return ports;
        }

        List<IpBlock> ranges(String name, List<IpBlock> otherwise) {
            if (!has(name)) {
                return otherwise;
            }
            List<IpBlock> ranges = new ArrayList<>();
            for (String item : items(name)) {
                try {
                    ranges.add(IpBlock.parse(item));
                } catch (IllegalArgumentException e) {
                    wrong(name, item, "an address range", "10.0.0.0/8,fd00::/8");
                    return ranges;
                }
            }
            return ranges;
        }

        private List<String> items(String name) {
            return text(name)
                    .lines()
                    .flatMap(line -> List.of(line.split(",")).stream())
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList();
        }

        private void wrong(String name, String item, String expected, String example) {
            problems.add(Problem.ofAnnotation(
                    pod, name, item, "is not " + expected, "separate values by commas, as " + example));
        }
    }
}
