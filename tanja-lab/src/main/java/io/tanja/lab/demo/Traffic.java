package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.PacketCapture;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Requests under observation: what a command in a pod sends is captured on the node, and the packets are judged.
 *
 * @param lab the lab
 * @param keep where captures are kept, or null
 */
record Traffic(Lab lab, @Nullable Path keep) {
    /**
     * What came of it.
     *
     * @param result what the command did
     * @param packets the verdicts on the connections to the port that was called
     */
    record Observed(ExecResult result, CaptureReport packets) {}

    /**
     * Runs a command and judges what crosses the wire to a pod's port meanwhile.
     *
     * @param name the capture's name
     * @param address the server pod's address
     * @param port the server's port
     */
    Observed observe(String name, String address, int port, Action action) throws IOException {
        PacketCapture capture = lab.capture("host", address, "and", "port", Integer.toString(port));
        ExecResult result;
        Path file;
        try {
            result = action.run();
        } finally {
            file = capture.stop();
        }
        if (keep != null) {
            Files.createDirectories(keep);
            Files.copy(file, keep.resolve(name + ".pcap"), StandardCopyOption.REPLACE_EXISTING);
        }
        CaptureReport report = CaptureAnalyzer.analyze(file, PacketChecks.KNOWN)
                .only(c -> c.server().getPort() == port
                        && c.server().getAddress().getHostAddress().equals(address));
        return new Observed(result, report);
    }

    /** Something that sends. */
    @FunctionalInterface
    interface Action {
        /** Sends. */
        ExecResult run() throws IOException;
    }
}
