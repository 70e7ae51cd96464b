package io.tanja.lab.pod;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a sidecar whether it serves, as the kubelet does: over HTTP at the pod's own address. */
public final class ReadinessProbe {
    private static final int PORT = 15_021;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final byte[] REQUEST =
            "GET /healthz/ready HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ReadinessProbe() {}

    /** Whether the answer is 200. */
    public static boolean ask(InetAddress pod) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(pod, PORT), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            byte[] head = socket.getInputStream().readNBytes(STATUS_AT + 3);
            return new String(head, StandardCharsets.US_ASCII).startsWith("200", STATUS_AT);
        } catch (IOException e) {
            // Not listening yet is the ordinary case while it starts.
            return false;
        }
    }
}
