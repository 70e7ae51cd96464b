package io.tanja.lab.proof;

import io.tanja.lab.pcap.Decoder;
import io.tanja.lab.pcap.Packet;
import io.tanja.lab.pcap.PcapReader;
import io.tanja.lab.pcap.TcpSegment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a capture and judges every TCP connection in it. One user thread. */
public final class CaptureAnalyzer {
    private final List<Needle> needles;
    private final Map<Pair, ConnectionEvidence> open = new HashMap<>();
    private final List<ConnectionEvidence> all = new ArrayList<>();
    private final Map<Decoder.Reason, Long> skipped = new EnumMap<>(Decoder.Reason.class);
    private long packets;

    private CaptureAnalyzer(List<Needle> needles) {
        this.needles = List.copyOf(needles);
    }

    /** The two ends of a connection, whoever speaks. */
    private record Pair(InetSocketAddress low, InetSocketAddress high) {
        static Pair of(TcpSegment segment) {
            InetSocketAddress a = segment.source();
            InetSocketAddress b = segment.destination();
            return a.toString().compareTo(b.toString()) <= 0 ? new Pair(a, b) : new Pair(b, a);
        }
    }

    /**
     * Judges a capture file.
     *
     * @param file a classic pcap file
     * @param needles bytes to search for in every connection
     * @throws IOException if the file cannot be read, with the reason
     */
    public static CaptureReport analyze(Path file, List<Needle> needles) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return analyze(in, needles);
        }
    }

    /** Judges a capture stream. */
    public static CaptureReport analyze(InputStream in, List<Needle> needles) throws IOException {
        CaptureAnalyzer analyzer = new CaptureAnalyzer(needles);
        try (PcapReader reader = new PcapReader(in)) {
            for (Packet packet = reader.next(); packet != null; packet = reader.next()) {
                analyzer.packet(packet);
            }
            List<ConnectionVerdict> verdicts =
                    analyzer.all.stream().map(ConnectionEvidence::judge).toList();
            return new CaptureReport(verdicts, analyzer.packets, analyzer.skipped, reader.cutOff());
        }
    }

    private void packet(Packet packet) {
        packets++;
        switch (Decoder.decode(packet)) {
            case Decoder.Tcp(TcpSegment segment) -> segment(segment);
            case Decoder.Skipped(Decoder.Reason reason) -> skipped.merge(reason, 1L, Long::sum);
        }
    }

    private void segment(TcpSegment segment) {
        Pair pair = Pair.of(segment);
        ConnectionEvidence evidence = open.get(pair);
        boolean opens = segment.syn() && !segment.ack();
        if (evidence == null || opens && evidence.closed()) {
            // Without the SYN, who called whom is a guess: the lower port is taken for the server's.
            boolean sourceIsClient = segment.syn()
                    ? !segment.ack()
                    : segment.source().getPort() >= segment.destination().getPort();
            evidence = new ConnectionEvidence(
                    sourceIsClient ? segment.source() : segment.destination(),
                    sourceIsClient ? segment.destination() : segment.source(),
                    segment.timestampNanos(),
                    needles);
            open.put(pair, evidence);
            all.add(evidence);
        }
        evidence.segment(segment);
    }
}
