package io.tanja.lab.daemon;

import io.tanja.lab.protocol.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The packet captures that run on the node. Any thread may call; the monitor makes them one. */
final class Captures {
    private static final Logger LOG = LoggerFactory.getLogger(Captures.class);
    private static final long QUIET_MILLIS = 120;
    private static final int QUIET_LIMIT = 25;
    private static final long END_SECONDS = 10;

    private final boolean root;
    private final Map<Integer, Capture> running = new HashMap<>();
    private int lastId;

    private record Capture(Process process, Path file) {}

    Captures(boolean root) {
        this.root = root;
    }

    /**
     * Starts a capture and returns when packets are seen.
     *
     * @return its number
     * @throws IOException if tcpdump refuses; the message has its words
     */
    synchronized int start(Request.Capture request) throws IOException {
        // In immediate mode each packet takes a slot of the size of the longest one: the standard length of 256 KiB
        // would
        // leave room for so few that a busy machine loses packets. The longest that a veth carries has 64 KiB.
        List<String> command =
                new ArrayList<>(List.of("tcpdump", "-i", "any", "--immediate-mode", "-s", "66000", "-B", "65536"));
        if (root) {
            // tcpdump would give up root, and with it the right to write into the lab's folder.
            command.addAll(List.of("-Z", "root"));
        }
        Path file = Path.of(request.file());
        command.addAll(request.options());
        command.addAll(request.print() ? List.of("-l") : List.of("-U", "-w", file.toString()));
        command.addAll(request.filter());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(Path.of("/dev/null").toFile());
        if (request.print()) {
            builder.redirectOutput(file.toFile());
        } else {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        Process process = builder.start();
        awaitListening(process);
        lastId++;
        running.put(lastId, new Capture(process, file));
        return lastId;
    }

    /** Ends a capture after the packets seen so far have been written; returns its file. */
    synchronized Path end(int id) throws IOException {
        Capture capture = running.remove(id);
        if (capture == null) {
            throw new IOException("there is no capture " + id + " in this lab");
        }
        try {
            long size = -1;
            for (int i = 0; i < QUIET_LIMIT && size != Files.size(capture.file()); i++) {
                size = Files.size(capture.file());
                if (capture.process().waitFor(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            capture.process().destroy();
            if (!capture.process().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                capture.process().destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            capture.process().destroyForcibly();
        }
        return capture.file();
    }

    @SuppressWarnings("MustBeClosed") // the stream lives as long as tcpdump
    private static void awaitListening(Process process) throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader errors = process.errorReader();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            said.add(line);
            if (line.contains("listening on")) {
                // What it says at its end must be read by someone, or it could not end.
                Thread.ofPlatform().daemon().name("tcpdump").start(() -> drain(errors));
                return;
            }
        }
        throw new IOException("tcpdump did not start: " + String.join("; ", said));
    }

    private static void drain(BufferedReader errors) {
        try {
            while (errors.readLine() != null) {
                LOG.trace("tcpdump goes on talking");
            }
        } catch (IOException e) {
            LOG.trace("tcpdump has ended", e);
        }
    }
}
