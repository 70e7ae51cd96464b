package io.tanja.lab.cluster;

import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Needle;
import io.tanja.lab.proof.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What crosses all nodes' interfaces to and from port 80, judged. One user thread. */
final class NodePackets implements AutoCloseable {
    /** What the load sends in every request. */
    static final Needle REQUEST = new Needle("request", "tanja-load-in-clear");
    /** What every page has. */
    static final Needle PAGE = new Needle("page", "Welcome to nginx!");

    private static final long START_MILLIS = 15_000;
    private static final long LAST_MILLIS = 1_500;

    private final Map<Path, Process> captures = new LinkedHashMap<>();

    /**
     * Starts.
     *
     * @param limitSeconds after which it ends by itself
     */
    static NodePackets start(NodeShell shell, List<String> nodes, Path folder, String name, int limitSeconds)
            throws IOException {
        Files.createDirectories(folder);
        NodePackets packets = new NodePackets();
        List<Path> said = new ArrayList<>();
        for (String node : nodes) {
            Path file = folder.resolve(name + "-" + node + ".pcap");
            Path words = folder.resolve(name + "-" + node + ".tcpdump");
            List<String> command = List.of(
                    "timeout",
                    String.valueOf(limitSeconds),
                    "tcpdump",
                    "-n",
                    "-U",
                    "-w",
                    "-",
                    // Every packet of a pod crosses it once, wherever it goes.
                    "-i",
                    "cni0",
                    "-s",
                    "66000",
                    "-B",
                    "65536",
                    "tcp port 80");
            packets.captures.put(file, shell.start(node, command, file, words));
            said.add(words);
        }
        packets.awaitListening(said);
        return packets;
    }

    private void awaitListening(List<Path> said) throws IOException {
        try {
            for (Path words : said) {
                for (long waited = 0; !Files.readString(words).contains("istening on"); waited += 50) {
                    if (waited > START_MILLIS) {
                        close();
                        throw new IOException("tcpdump does not start: " + Files.readString(words));
                    }
                    Thread.sleep(50);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the capture and judges it. */
    List<CaptureReport> stop() throws IOException, InterruptedException {
        Thread.sleep(LAST_MILLIS);
        close();
        List<CaptureReport> reports = new ArrayList<>();
        for (Path file : captures.keySet()) {
            reports.add(CaptureAnalyzer.analyze(file, List.of(REQUEST, PAGE)));
        }
        return reports;
    }

    /** Connections that the packets show to be encrypted. */
    static long encrypted(List<CaptureReport> reports) {
        return reports.stream()
                .mapToLong(report -> report.count(Verdict.ENCRYPTED))
                .sum();
    }

    /** Connections with a readable byte of payload, or a byte that is known to have been sent. */
    static long plaintext(List<CaptureReport> reports) {
        return reports.stream()
                .flatMap(report -> report.connections().stream())
                .filter(c -> c.verdict() == Verdict.PLAINTEXT
                        || c.bytes().plaintext() > 0
                        || !c.found().isEmpty())
                .count();
    }

    @Override
    public void close() {
        for (Process capture : captures.values()) {
            capture.descendants().forEach(ProcessHandle::destroy);
            capture.destroy();
        }
        try {
            for (Process capture : captures.values()) {
                capture.waitFor(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
