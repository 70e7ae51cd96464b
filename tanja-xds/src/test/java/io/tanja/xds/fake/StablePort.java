package io.tanja.xds.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A free port below the range that the kernel gives to clients. While a server of a test is down, a client that keeps
 * calling a port of that range may be given the same port as its own and so connect to itself; the server could not come
 * back then.
 */
public final class StablePort {
    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 100;

    private StablePort() {}

    /** Finds one on the loopback address. */
    public static int find() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        throw new UncheckedIOException(new IOException("no free port from " + FIRST + " to " + LAST));
    }
}
