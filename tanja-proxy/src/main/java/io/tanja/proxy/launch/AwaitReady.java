package io.tanja.proxy.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Waits for the proxy that runs beside this process: what the hook {@code postStart} of its container does where the
 * application is to start later, as {@code pilot-agent wait} does for Istio.
 */
public final class AwaitReady {
    /** The flag that asks for it, instead of all others. */
    public static final String FLAG = "--await-ready";

    /** As long as Istio waits; the kubelet then ends the container and tells why. */
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int READY_PORT = 15021;
    private static final long AGAIN_MILLIS = 100;
    private static final int ANSWER_MILLIS = 2_000;

    private AwaitReady() {}

    /** Waits for the proxy at its standard port; false if it was not ready within {@link #LONGEST}. */
    public static boolean await() throws InterruptedException {
        return await(new InetSocketAddress(InetAddress.getLoopbackAddress(), READY_PORT), LONGEST);
    }

    /** Waits for the page {@code /healthz/ready} at an address to say 200; false if it did not in time. */
    static boolean await(InetSocketAddress address, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!ready(address)) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            Thread.sleep(AGAIN_MILLIS);
        }
        return true;
    }

    private static boolean ready(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.connect(address, ANSWER_MILLIS);
            socket.getOutputStream()
                    .write("GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String status = answer.readLine();
            return status != null && status.startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            // Not listening yet, which is what is waited for.
            return false;
        }
    }
}
