package io.tanja.lab.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * tcpdump on a node, twice: as the seed document types it, for people, and into a file, for the judgement. One user thread.
 */
final class NodeCapture implements AutoCloseable {
    // It ends by itself, whatever becomes of us.
    private static final String LIMIT_SECONDS = "120";
    private static final long LOOK_MILLIS = 50;
    private static final long START_MILLIS = 20_000;
    private static final long QUIET_MILLIS = 1_200;
    private static final int QUIET_LIMIT = 10;

    private final Path text;
    private final Path packets;
    private final List<Process> processes;

    private NodeCapture(Path text, Path packets, List<Process> processes) {
        this.text = text;
        this.packets = packets;
        this.processes = processes;
    }

    /**
     * Starts both and returns when they listen.
     *
     * @param folder where files go
     * @param name the files' name
     * @param address the pod's address
     * @throws IOException if tcpdump does not start; the message has its words
     */
    static NodeCapture start(NodeShell shell, String node, Path folder, String name, String address)
            throws IOException {
        Files.createDirectories(folder);
        Path text = folder.resolve(name + ".txt");
        Path packets = folder.resolve(name + ".pcap");
        Path said = folder.resolve(name + ".tcpdump");
        Path textSaid = folder.resolve(name + ".txt.tcpdump");
        // With numbers: a node whose name server does not answer would print nothing. Line-buffered, or the end of the
        // text would be lost with the process.
        List<String> seen = List.of("timeout", LIMIT_SECONDS, "tcpdump", "-n", "-l", "-A", "-v", "-i", "any");
        List<String> kept = List.of(
                "timeout",
                LIMIT_SECONDS,
                "tcpdump",
                "-U",
                "-w",
                "-",
                "-i",
                "any",
                "--immediate-mode",
                "-s",
                "66000",
                "-B",
                "65536");
        List<String> filter = List.of("host", address, "and", "port", "80");
        Process one = shell.start(node, join(seen, filter), text, textSaid);
        Process two = shell.start(node, join(kept, filter), packets, said);
        NodeCapture capture = new NodeCapture(text, packets, List.of(one, two));
        try {
            awaitListening(one, textSaid);
            awaitListening(two, said);
        } catch (IOException e) {
            capture.close();
            throw e;
        }
        return capture;
    }

    /** What a person would have seen. */
    String text() throws IOException {
        return Files.readString(text, StandardCharsets.ISO_8859_1);
    }

    /** Ends both when nothing more comes; gives the file with the packets. */
    Path stop() throws IOException {
        try {
            // The kernel hands packets to the one that prints text up to a second later.
            long before = -1;
            for (int i = 0; i < QUIET_LIMIT && (before != size() || Files.size(text) == 0); i++) {
                before = size();
                Thread.sleep(QUIET_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        return packets;
    }

    private long size() throws IOException {
        return Files.size(packets) + Files.size(text);
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        try {
            for (Process process : processes) {
                process.waitFor(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> join(List<String> left, List<String> right) {
        return Stream.concat(left.stream(), right.stream()).toList();
    }

    private static void awaitListening(Process process, Path said) throws IOException {
        try {
            for (long waited = 0; waited < START_MILLIS; waited += LOOK_MILLIS) {
                String words = Files.readString(said);
                if (words.contains("istening on")) {
                    return;
                }
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("tcpdump does not start on the node: "
                            + Files.readString(said).strip());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(
                "tcpdump does not listen on the node: " + Files.readString(said).strip());
    }
}
