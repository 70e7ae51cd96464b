package io.tanja.proxy.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
    private final Readiness readiness = new Readiness();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AdminServer server = new AdminServer(loop, NioServerSocketChannel.class);
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @BeforeEach
    void open() throws IOException {
        StatsPage stats = new StatsPage(List.of(out -> out.sample("tanja_one", "", 1)));
        address = server.open(address, Map.of("/healthz/ready", readiness, "/stats/prometheus", stats));
    }

    @AfterEach
    void close() {
        server.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private String ask(String... pieces) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(5000);
            for (String piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void saysWhatIsMissingUntilEverythingIsThere() throws IOException {
        assertThat(ask("GET /healthz/ready HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("\r\n\r\nnot ready\nconfiguration: not received yet\nidentity: no certificate yet\n"
                        + "listeners: not open yet\n");
        readiness.present(Readiness.Part.CONFIG);
        readiness.present(Readiness.Part.IDENTITY);
        assertThat(ask("GET /healthz/ready HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("not ready\nlisteners: not open yet\n");
        readiness.present(Readiness.Part.LISTENERS);
        assertThat(ask("GET /healthz/ready HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\nready\n");
        readiness.missing(Readiness.Part.RUNNING, "draining");
        assertThat(ask("GET /healthz/ready HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("not ready\nrunning: draining\n");
    }

    @Test
    void showsMetrics() throws IOException {
        assertThat(ask("GET /stats/prometheus?usedonly HTTP/1.1\r\n\r\n"))
                .contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n")
                .endsWith("\r\n\r\ntanja_one 1\n");
    }

    @Test
    void headHasNoBody() throws IOException {
        assertThat(ask("HEAD /stats/prometheus HTTP/1.1\r\n\r\n"))
                .contains("content-length: 12\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aHeadMayComeInPieces() throws IOException {
        assertThat(ask("GET /stats/pro", "metheus HT", "TP/1.1\r\n\r", "\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /stats/prometheus HTTP/1.1, 405",
        "DELETE /healthz/ready HTTP/1.1, 405",
        "GET /config_dump HTTP/1.1, 404",
        "GET / HTTP/1.1, 404",
        "GET /stats/prometheus/ HTTP/1.1, 404",
        "GET /healthz/ready, 400",
        "GET  HTTP/2.0, 400",
        "'', 400",
    })
    void answersNothingElse(String line, int status) throws IOException {
        assertThat(ask(line + "\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void anEndlessHeadIsRefused() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nx: " + "y".repeat(8200))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void whoNeverAsksMakesRoomForWhoDoes() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                socket.setSoTimeout(4000);
                silent.add(socket);
            }
            assertThat(ask("GET /stats/prometheus HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            // The eldest have gone, before the time that a request may take.
            for (Socket socket : silent.subList(0, 9)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            silent.getLast().getOutputStream().write("GET /stats/prometheus HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(silent.getLast().getInputStream().read()).isEqualTo('H');
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whenAllWaitForTheirAnswersNobodyElseIsServed() throws IOException {
        List<Reply> replies = new CopyOnWriteArrayList<>();
        Resource later = (request, reply) -> replies.add(reply);
        InetSocketAddress slow =
                server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Map.of("/later", later));
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Socket socket = new Socket(slow.getAddress(), slow.getPort());
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write("GET /later HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                waiting.add(socket);
            }
            await().until(() -> replies.size() == 32);
            try (Socket socket = new Socket(slow.getAddress(), slow.getPort())) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            loop.execute(() -> replies.forEach(reply -> reply.send(new StatsPage(List.of()).answer())));
            for (Socket socket : waiting) {
                assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.1 200 ");
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aPortInUseIsNamed() {
        assertThatThrownBy(() -> server.open(address, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(Integer.toString(address.getPort()));
    }
}
