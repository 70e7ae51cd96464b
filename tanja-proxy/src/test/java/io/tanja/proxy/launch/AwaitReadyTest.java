package io.tanja.proxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitReadyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void waitsWhileThePageSaysThatItIsNotReady() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        AtomicInteger asked = new AtomicInteger();
        List<String> paths = new CopyOnWriteArrayList<>();
        server.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(AwaitReady.await(server.getAddress(), Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(paths).hasSize(3).containsOnly("/healthz/ready");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void givesUpWhereNobodyAnswers() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            nobody = new InetSocketAddress(LOOPBACK, socket.getLocalPort());
        }
        assertThat(AwaitReady.await(nobody, Duration.ofMillis(150))).isFalse();
    }
}
