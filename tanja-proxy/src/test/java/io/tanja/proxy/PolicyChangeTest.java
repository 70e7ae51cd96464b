package io.tanja.proxy;

import static io.tanja.proxy.ProxyServerTest.govern;
import static io.tanja.proxy.ProxyServerTest.only;
import static io.tanja.proxy.ProxyServerTest.policy;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.Values;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.tls.BoringTls;
import io.tanja.proxy.tls.TlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers of an HTTP port notice when a policy comes that forbids them. */
@Timeout(60)
class PolicyChangeTest {
    private static final TlsProvider BORING = new BoringTls(MeshFixture.HANDSHAKE);
    private static final AuthorizationPolicy NOBODY = policy(Action.ALLOW, only("nobody/ns/a/sa/b"), Values.NONE);
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: server.test\r\n\r\n";
    private static final Duration AFTER_GRACE = MeshFixture.GRACE.plusMillis(300);

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    private static MeshFixture mesh(AppServer app, TlsMode mode) throws IOException {
        return new MeshFixture(BORING, app, AppProtocol.HTTP, mode);
    }

    private static String get(Socket socket, String path) throws IOException {
        return HttpEndToEndTest.exchange(socket, GET.formatted(path));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String read(Socket socket, int octets) throws IOException {
        return new String(socket.getInputStream().readNBytes(octets), US_ASCII);
    }

    /** An application that answers the first half of a body, and the rest when it may. */
    private static AppServer.Behaviour halves(CountDownLatch begin, CountDownLatch rest) {
        return socket -> {
            InputStream in = socket.getInputStream();
            in.readNBytes(4);
            hold(begin);
            send(socket, "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\none");
            hold(rest);
            send(socket, "two");
            in.transferTo(java.io.OutputStream.nullOutputStream());
        };
    }

    private static void hold(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theNextRequestIsAnswered403AndTheConnectionClosedInOrder() throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            assertThat(get(outsider, "one")).startsWith("HTTP/1.1 200");
            govern(mesh, NOBODY);
            assertThat(get(outsider, "two"))
                    .startsWith("HTTP/1.1 403")
                    .contains("connection: close")
                    .endsWith("RBAC: access denied");
            assertThat(outsider.getInputStream().read()).isEqualTo(-1);
            assertThat(mesh.serverLog.requests.getLast().detail).contains("no ALLOW policy matches");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anIdleConnectionIsClosedInOrderAndTheNextRequestThroughTheMeshIs403(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.HTTP, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            assertThat(get(socket, "one")).startsWith("HTTP/1.1 200");
            govern(mesh, NOBODY);
            await().until(() -> mesh.serverLog.closed.size() == 1);
            assertThat(mesh.serverLog.closed.getFirst().refusal).isEqualTo(Refusal.POLICY_DENIED);
            assertThat(get(socket, "two")).startsWith("HTTP/1.1 403").endsWith("RBAC: access denied");
            assertThat(mesh.serverLog.requests).hasSize(2);
        }
    }

    @Test
    void aRequestThatWasLetThroughMayFinishWithinTheGrace() throws Exception {
        CountDownLatch begin = new CountDownLatch(0);
        CountDownLatch rest = new CountDownLatch(1);
        try (AppServer app = new AppServer(halves(begin, rest));
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            send(outsider, GET.formatted("long"));
            assertThat(HeadAndHalf.of(outsider)).endsWith("one");
            govern(mesh, NOBODY);
            rest.countDown();
            assertThat(read(outsider, 3)).isEqualTo("two");
            assertThat(get(outsider, "next")).startsWith("HTTP/1.1 403").contains("connection: close");
        }
    }

    @Test
    void aResponseThatGoesOnAfterTheGraceIsCutOff() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (AppServer app = new AppServer(halves(new CountDownLatch(0), rest));
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            send(outsider, GET.formatted("long"));
            assertThat(HeadAndHalf.of(outsider)).endsWith("one");
            govern(mesh, NOBODY);
            assertThatThrownBy(() -> read(outsider, 3))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            await().until(() -> mesh.serverLog.closed.size() == 1);
            assertThat(mesh.serverLog.closed.getFirst().refusal).isEqualTo(Refusal.POLICY_DENIED);
            assertThat(mesh.serverLog.requests.getFirst().refusal).isEqualTo(Refusal.POLICY_DENIED);
            rest.countDown();
        }
    }

    @Test
    void aRequestThatIsNotAnsweredWithinTheGraceIsAnswered403() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        try (AppServer app = new AppServer(halves(begin, new CountDownLatch(0)));
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            send(outsider, GET.formatted("slow"));
            await().until(() -> app.accepted.get() == 1);
            govern(mesh, NOBODY);
            assertThat(HttpEndToEndTest.exchange(outsider, ""))
                    .startsWith("HTTP/1.1 403")
                    .contains("connection: close")
                    .endsWith("RBAC: access denied");
            begin.countDown();
        }
    }

    @Test
    void aPolicyThatIsWithdrawnWithinTheGraceCutsNothing() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (AppServer app = new AppServer(halves(new CountDownLatch(0), rest));
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            send(outsider, GET.formatted("long"));
            assertThat(HeadAndHalf.of(outsider)).endsWith("one");
            govern(mesh, NOBODY);
            govern(mesh);
            Thread.sleep(AFTER_GRACE);
            rest.countDown();
            assertThat(read(outsider, 3)).isEqualTo("two");
            assertThat(mesh.serverLog.closed).isEmpty();
        }
    }

    @Test
    void aPolicyOnPathsLeavesConnectionsOpen() throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = mesh(app, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            assertThat(get(socket, "open")).startsWith("HTTP/1.1 200");
            govern(mesh, policy(Action.DENY, Values.NONE, only("/secret")));
            Thread.sleep(AFTER_GRACE);
            assertThat(get(socket, "secret")).startsWith("HTTP/1.1 403");
            assertThat(get(socket, "open")).startsWith("HTTP/1.1 200");
            assertThat(mesh.serverLog.closed).isEmpty();
            assertThat(app.accepted).hasValue(1);
        }
    }

    @Test
    void plaintextOnAPortThatBecomesStrictIsCutOffAtOnce() throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = mesh(app, TlsMode.PERMISSIVE);
                Socket outsider = mesh.callFromOutside()) {
            assertThat(get(outsider, "one")).startsWith("HTTP/1.1 200");
            mesh.serverConfig(AppProtocol.HTTP, TlsMode.STRICT);
            mesh.server.meshChanged();
            assertThatThrownBy(() -> outsider.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    /** Callers on kept and on new connections while a policy comes and goes: each answer is the server's own. */
    @ParameterizedTest
    @MethodSource("providers")
    void callersSeeNothingBut200And403WhilePoliciesComeAndGo(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.HTTP, TlsMode.STRICT)) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger allowed = new AtomicInteger();
            AtomicInteger denied = new AtomicInteger();
            List<String> others = new ArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try (Socket socket = mesh.call()) {
                            for (int n = 0; n < 5; n++) {
                                String answer = get(socket, "x");
                                if (answer.startsWith("HTTP/1.1 200")) {
                                    allowed.incrementAndGet();
                                } else if (answer.startsWith("HTTP/1.1 403")) {
                                    denied.incrementAndGet();
                                } else {
                                    throw new IOException(answer);
                                }
                            }
                        } catch (IOException e) {
                            synchronized (others) {
                                others.add(String.valueOf(e.getMessage()));
                            }
                        }
                    }
                }));
            }
            for (int flip = 0; flip < 120; flip++) {
                if (flip % 2 == 0) {
                    govern(mesh, NOBODY);
                } else {
                    govern(mesh);
                }
                Thread.sleep(Duration.ofMillis(5 + flip % 11));
            }
            stop.set(true);
            for (Thread caller : callers) {
                caller.join(Duration.ofSeconds(20));
            }
            assertThat(others).isEmpty();
            assertThat(allowed.get()).isGreaterThan(20);
            assertThat(denied.get()).isGreaterThan(20);
        }
    }

    /** Reads a response's head and the first three octets of its body. */
    private static final class HeadAndHalf {
        static String of(Socket socket) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) socket.getInputStream().read());
            }
            return text + read(socket, 3);
        }
    }
}
