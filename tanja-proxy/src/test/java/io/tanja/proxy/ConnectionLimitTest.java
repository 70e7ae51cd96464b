package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.capture.ConnectionLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionLimitTest {
    private static final int MOST = 16;
    private static final int MOST_INBOUND = 14;

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static boolean echoes(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        return socket.getInputStream().read() == 'x';
    }

    private static void assertRefused(Socket socket) {
        assertThatThrownBy(() -> {
                    if (socket.getInputStream().read() < 0) {
                        throw new AssertionError("closed in order, not by a reset");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void aFullProxyRefusesNewConnectionsAndServesTheOpenOnes() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (AppServer app = new AppServer(AppServer.ECHO)) {
            MeshFixture.Lone lone = MeshFixture.lone(channel -> app.address(), new ConnectionLimit(MOST, 1000));
            try (ProxyServer proxy = lone.server()) {
                for (int i = 0; i < MOST_INBOUND; i++) {
                    Socket socket = connect(proxy.inboundAddress());
                    open.add(socket);
                    assertThat(echoes(socket)).isTrue();
                }
                for (int i = 0; i < 3; i++) {
                    try (Socket socket = connect(proxy.inboundAddress())) {
                        assertRefused(socket);
                    }
                }
                await().until(() -> lone.log().closed.size() == 3);
                assertThat(lone.log().closed).allSatisfy(record -> {
                    assertThat(record.refusal).isEqualTo(Refusal.LIMIT_REACHED);
                    assertThat(record.detail).isEqualTo("14 captured connections are open; --max-connections is 16");
                });
                // The application's own calls have the rest.
                for (int i = MOST_INBOUND; i < MOST; i++) {
                    Socket socket = connect(proxy.outboundAddress());
                    open.add(socket);
                    assertThat(echoes(socket)).isTrue();
                }
                try (Socket socket = connect(proxy.outboundAddress())) {
                    assertRefused(socket);
                }
                for (Socket socket : open) {
                    assertThat(echoes(socket)).isTrue();
                }
                for (int i = 0; i < 3; i++) {
                    open.removeFirst().close();
                }
                await().until(() -> proxy.connections() == MOST - 3);
                try (Socket socket = connect(proxy.inboundAddress())) {
                    assertThat(echoes(socket)).isTrue();
                }
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aProxyThatIsShortOfFilesRefusesBeforeTheyAreGone() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (AppServer app = new AppServer(AppServer.ECHO)) {
            MeshFixture.Lone lone = MeshFixture.lone(channel -> app.address(), new ConnectionLimit(1000, 24));
            try (ProxyServer proxy = lone.server()) {
                // Two sockets listen; each connection has two, and counts itself when it is asked about.
                for (int i = 0; i < 9; i++) {
                    Socket socket = connect(proxy.inboundAddress());
                    open.add(socket);
                    assertThat(echoes(socket)).isTrue();
                }
                try (Socket socket = connect(proxy.inboundAddress())) {
                    assertRefused(socket);
                }
                await().until(() -> lone.log().closed.size() == 1);
                assertThat(lone.log().closed.getFirst().refusal).isEqualTo(Refusal.LIMIT_REACHED);
                assertThat(lone.log().closed.getFirst().detail)
                        .isEqualTo("21 sockets are open; the limit of open files leaves 24 for them (raise ulimit -n)");
                open.removeFirst().close();
                await().until(() -> proxy.connections() == 8);
                try (Socket socket = connect(proxy.inboundAddress())) {
                    assertThat(echoes(socket)).isTrue();
                }
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void whatIsAcceptedAtOnceFindsNoUpstreamBeyondTheFiles() throws Exception {
        List<Socket> open = new ArrayList<>();
        CountDownLatch answer = new CountDownLatch(1);
        AppServer.Behaviour slow = socket -> {
            socket.getInputStream().readNBytes(4);
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII));
        };
        try (AppServer app = new AppServer(slow)) {
            // Two listen; fourteen callers have one socket each while they say nothing. Then all of them speak.
            MeshFixture.Lone lone = MeshFixture.lone(channel -> app.address(), new ConnectionLimit(1000, 20));
            try (ProxyServer proxy = lone.server()) {
                for (int i = 0; i < 14; i++) {
                    open.add(connect(proxy.inboundAddress()));
                }
                await().until(() -> proxy.connections() == 14);
                for (Socket socket : open) {
                    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
                }
                await().until(() -> lone.log().requests.size() == 10);
                answer.countDown();
                Map<String, Integer> answers = new HashMap<>();
                for (Socket socket : open) {
                    answers.merge(new String(socket.getInputStream().readNBytes(12), US_ASCII), 1, Integer::sum);
                }
                assertThat(answers).containsOnly(Map.entry("HTTP/1.1 200", 4), Map.entry("HTTP/1.1 503", 10));
                assertThat(lone.log().requests.subList(0, 10))
                        .allSatisfy(record -> assertThat(record.refusal).isEqualTo(Refusal.LIMIT_REACHED));
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void anEighthIsKept() {
        ConnectionLimit limit = new ConnectionLimit(8, 80);
        assertThat(limit.refusesInbound(6, 69)).isNull();
        assertThat(limit.refusesInbound(7, 0)).isEqualTo("7 captured connections are open; --max-connections is 8");
        assertThat(limit.refusesOutbound(7, 69)).isNull();
        assertThat(limit.refusesOutbound(8, 0)).isNotNull();
        assertThat(limit.refusesOutbound(0, 70)).startsWith("70 sockets are open");
        assertThat(limit.refusesUpstream(79)).isNull();
        assertThat(limit.refusesUpstream(80)).isNotNull();
        assertThat(new ConnectionLimit(1, 1).refusesInbound(0, 0)).isNull();
        assertThatThrownBy(() -> new ConnectionLimit(0, 1)).hasMessageContaining("connections 0");
        assertThatThrownBy(() -> new ConnectionLimit(1, 0)).hasMessageContaining("sockets 0");
    }
}
