package io.tanja.lab.proof;

import io.tanja.lab.pcap.Decoder;
import io.tanja.lab.proof.ConnectionVerdict.PayloadBytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * All that a capture shows.
 *
 * @param connections every TCP connection, in order of its first packet
 * @param packets frames in the capture
 * @param skipped frames that were not looked at, by reason
 * @param cutOff whether the file ended in the middle of a packet
 */
public record CaptureReport(
        List<ConnectionVerdict> connections, long packets, Map<Decoder.Reason, Long> skipped, boolean cutOff) {
    /** Copies the collections. */
    public CaptureReport {
        connections = List.copyOf(connections);
        skipped = Map.copyOf(skipped);
    }

    /** Several captures as one. */
    public static CaptureReport of(List<CaptureReport> reports) {
        List<ConnectionVerdict> connections = new ArrayList<>();
        Map<Decoder.Reason, Long> skipped = new EnumMap<>(Decoder.Reason.class);
        long packets = 0;
        boolean cutOff = false;
        for (CaptureReport report : reports) {
            connections.addAll(report.connections);
            packets += report.packets;
            report.skipped.forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
            cutOff |= report.cutOff;
        }
        return new CaptureReport(connections, packets, skipped, cutOff);
    }

    /** The report on some of the connections. */
    public CaptureReport only(Predicate<ConnectionVerdict> wanted) {
        return new CaptureReport(connections.stream().filter(wanted).toList(), packets, skipped, cutOff);
    }

    /** How many connections have that verdict. */
    public long count(Verdict verdict) {
        return connections.stream().filter(c -> c.verdict() == verdict).count();
    }

    /** Payload bytes of all connections, by kind. */
    public PayloadBytes bytes() {
        return connections.stream()
                .map(ConnectionVerdict::bytes)
                .reduce(new PayloadBytes(0, 0, 0, 0), PayloadBytes::plus);
    }

    /**
     * Whether the capture proves that everything in it was encrypted: at least one encrypted connection, and no other
     * that carried a byte of payload, and nothing that could not be judged.
     */
    public boolean allEncrypted() {
        return count(Verdict.ENCRYPTED) > 0
                && connections.stream().allMatch(c -> c.verdict() == Verdict.ENCRYPTED || c.verdict() == Verdict.EMPTY)
                && skipped.getOrDefault(Decoder.Reason.FRAGMENT, 0L) == 0
                && skipped.getOrDefault(Decoder.Reason.UNKNOWN_LINK_TYPE, 0L) == 0;
    }
}
