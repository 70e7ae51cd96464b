package io.tanja.proxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslProvider;
import io.tanja.proxy.admin.AdminServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MergedStatsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final AdminServer admin = new AdminServer(loop, EpollServerSocketChannel.class);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        admin.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Opens the page beside an application that answers each request so. */
    private int open(ServerSocket app, String answer) throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!app.isClosed()) {
                try (Socket socket = app.accept()) {
                    byte[] request = new byte[4096];
                    asked.add(new String(request, 0, socket.getInputStream().read(request), UTF_8));
                    socket.getOutputStream().write(answer.getBytes(UTF_8));
                } catch (IOException e) {
                    return;
                }
            }
        });
        AppClient client =
                new AppClient(loop.next(), EpollSocketChannel::new, AppAddress.of("127.0.0.1"), SslProvider.JDK);
        MergedStats stats = new MergedStats(
                List.of(out -> out.sample("tanja_one", "", 1)), new AppScrape(app.getLocalPort(), "/m?x=1"), client);
        return admin.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Map.of("/metrics", stats))
                .getPort();
    }

    private static ServerSocket app() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET /metrics HTTP/1.1\r\nUser-Agent: Prometheus/3\r\nAccept: application/openmetrics-text\r\n"
                                + "Accept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 2.5\r\n\r\n")
                        .getBytes(UTF_8));
        return socket;
    }

    private static String read(int port) throws IOException {
        try (Socket socket = ask(port)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void theApplicationsMetricsFollowOurs() throws IOException {
        try (ServerSocket app = app()) {
            int port = open(app, OK + "Content-Length: 8\r\n\r\napp_up 1");
            assertThat(read(port))
                    .startsWith("HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n")
                    .contains("\r\n\r\ntanja_one 1\n")
                    .endsWith("tanja_app_scrape_failures_total 0\napp_up 1");
            assertThat(asked.getFirst())
                    .startsWith("GET /m?x=1 HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\naccept: text/plain;version=0.0.4;q=1,*/*;q=0.1\r\n")
                    .containsIgnoringCase("\r\nuser-agent: Prometheus/3\r\n")
                    .containsIgnoringCase("\r\nx-prometheus-scrape-timeout-seconds: 2.5\r\n")
                    .doesNotContainIgnoringCase("gzip");
        }
    }

    @Test
    void aLargePageThatIsTakenSlowlyPassesWhole() throws Exception {
        String line = "app_series{a=\"" + "x".repeat(100) + "\"} 1\n";
        int lines = 200_000;
        try (ServerSocket app = app()) {
            String head = OK + "Content-Length: " + (long) lines * line.length() + "\r\n\r\n";
            Thread.ofVirtual().start(() -> {
                try (Socket socket = app.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(head.getBytes(UTF_8));
                    byte[] bytes = line.getBytes(UTF_8);
                    for (int i = 0; i < lines; i++) {
                        socket.getOutputStream().write(bytes);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            AppClient client =
                    new AppClient(loop.next(), EpollSocketChannel::new, AppAddress.of("127.0.0.1"), SslProvider.JDK);
            MergedStats stats = new MergedStats(List.of(), new AppScrape(app.getLocalPort(), "/"), client);
            int port = admin.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Map.of("/metrics", stats))
                    .getPort();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(UTF_8));
                Thread.sleep(300);
                byte[] all = socket.getInputStream().readAllBytes();
                assertThat(all.length).isGreaterThan(lines * line.length());
                assertThat(new String(all, all.length - line.length(), line.length(), UTF_8))
                        .isEqualTo(line);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 404 Not Found\\r\\nContent-Length: 4\\r\\n\\r\\nnone, 404",
        "HTTP/1.1 200 OK\\r\\nContent-Type: application/openmetrics-text\\r\\nContent-Length: 0\\r\\n\\r\\n, openmetrics",
        "HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\nContent-Length: 0\\r\\n\\r\\n, gzip",
        "nonsense, nonsense"
    })
    void whatCannotBeMergedIsCountedAndOursStand(String answer, String why) throws IOException {
        try (ServerSocket app = app()) {
            int port = open(app, answer.replace("\\r\\n", "\r\n"));
            for (int i = 1; i < 3; i++) {
                assertThat(read(port))
                        .as(why)
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("\r\n\r\ntanja_one 1\n")
                        .endsWith("tanja_app_scrape_failures_total " + i + "\n");
            }
        }
    }

    @Test
    void nobodyThereIsCountedToo() throws IOException {
        ServerSocket app = app();
        int port = open(app, "");
        app.close();
        assertThat(read(port)).endsWith("tanja_app_scrape_failures_total 1\n");
    }

    @Test
    void aBrokenPageDoesNotPassForAWholeOne() throws IOException {
        try (ServerSocket app = app()) {
            int port = open(app, OK + "Content-Length: 100\r\n\r\napp_up 1\n");
            try (Socket socket = ask(port)) {
                assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2.5, 2500", "'', 10000", "x, 10000", "-1, 10000", "NaN, 10000", "1e9, 120000"})
    void whoScrapesSaysHowLong(String seconds, long millis) {
        assertThat(MergedStats.timeout(seconds)).isEqualTo(Duration.ofMillis(millis));
    }
}
