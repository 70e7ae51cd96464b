package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.capture.NetfilterDestination;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.tls.TlsProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The wired proxy under change, load and bad input. */
class ProxyServerTest {
    private static final TlsProvider BORING = MeshFixture.providers().getFirst();

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    private static String ask(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return new String(socket.getInputStream().readNBytes(text.length()), UTF_8);
    }

    private static boolean closed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void identitiesAreSwappedUnderLoadWithoutAFailedConnection(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT);
                Socket old = mesh.call()) {
            assertThat(ask(old, "before")).isEqualTo("before");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger made = new AtomicInteger();
            List<Throwable> failures = new ArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        while (!stop.get()) {
                            try (Socket socket = mesh.call()) {
                                assertThat(ask(socket, "hello")).isEqualTo("hello");
                                made.incrementAndGet();
                            }
                        }
                    } catch (IOException | AssertionError e) {
                        synchronized (failures) {
                            failures.add(e);
                        }
                    }
                }));
            }
            for (int i = 1; i <= 10; i++) {
                int enough = 10 * i;
                await().until(() -> made.get() >= enough || !failures.isEmpty());
                mesh.clientIdentities.publish(MeshFixture.PKI.leaf(MeshFixture.CLIENT));
                mesh.serverIdentities.publish(MeshFixture.PKI.leaf(MeshFixture.SERVER));
            }
            stop.set(true);
            for (Thread caller : callers) {
                caller.join(Duration.ofSeconds(20));
            }
            assertThat(failures).isEmpty();
            assertThat(ask(old, "after")).isEqualTo("after");
        }
    }

    @Test
    void strictClosesPlaintextThatIsAlreadyThereAndLeavesMutualTls() throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.TCP, TlsMode.PERMISSIVE);
                Socket meshed = mesh.call();
                Socket outsider = mesh.callFromOutside()) {
            assertThat(ask(meshed, "one")).isEqualTo("one");
            assertThat(ask(outsider, "two")).isEqualTo("two");
            mesh.serverConfig(AppProtocol.TCP, TlsMode.STRICT);
            mesh.server.meshChanged();
            assertThat(closed(outsider)).isTrue();
            assertThat(ask(meshed, "three")).isEqualTo("three");
            assertThat(mesh.serverLog.closed.getFirst().refusal).isEqualTo(Refusal.PLAINTEXT_REFUSED_STRICT);
        }
    }

    static AuthorizationPolicy policy(AuthorizationPolicy.Action action, Values principals, Values paths) {
        Source source = new Source(principals, Values.NONE, Values.NONE, Values.NONE, Values.NONE, Values.NONE);
        Operation operation = new Operation(Values.NONE, Values.NONE, Values.NONE, paths);
        Rule rule = new Rule(
                principals.isEmpty() ? List.of() : List.of(source),
                paths.isEmpty() ? List.of() : List.of(operation),
                List.of());
        return new AuthorizationPolicy(new NamespacedName("test", "rules"), action, List.of(rule), false);
    }

    static void govern(MeshFixture mesh, AuthorizationPolicy... policies) {
        ProxyConfig self = mesh.serverView.self();
        mesh.serverView.self(new ProxyConfig(
                self.workload(),
                self.modes(),
                self.modeSource(),
                self.ports(),
                List.of(policies),
                self.trustDomains(),
                self.outbound()));
        mesh.server.meshChanged();
    }

    static Values only(String value) {
        return new Values(List.of(value), List.of());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void policiesCloseBytesAndSayWhich(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT);
                Socket live = mesh.call()) {
            assertThat(ask(live, "one")).isEqualTo("one");
            govern(mesh, policy(AuthorizationPolicy.Action.ALLOW, only(MeshFixture.CLIENT.principal()), Values.NONE));
            assertThat(ask(live, "two")).isEqualTo("two");

            govern(mesh, policy(AuthorizationPolicy.Action.DENY, only(MeshFixture.CLIENT.principal()), Values.NONE));
            assertThat(closed(live)).isTrue();
            try (Socket socket = mesh.call()) {
                assertThat(closed(socket)).isTrue();
            }
            await().until(() -> mesh.serverLog.closed.size() == 2);
            assertThat(mesh.serverLog.closed).allSatisfy(record -> {
                assertThat(record.refusal).isEqualTo(Refusal.POLICY_DENIED);
                assertThat(record.detail).contains("test/rules rule 0");
            });
            assertThat(app.accepted).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void http2OnAnHttpPortIsJudgedAsBytes(TlsProvider provider) throws Exception {
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.HTTP2, TlsMode.STRICT)) {
            try (Socket socket = mesh.call()) {
                assertThat(ask(socket, new String(preface, US_ASCII))).isEqualTo(new String(preface, US_ASCII));
            }
            // A rule on paths cannot be seen to hold for bytes, so nothing is allowed by it.
            govern(mesh, policy(AuthorizationPolicy.Action.ALLOW, Values.NONE, only("/public")));
            try (Socket socket = mesh.call()) {
                socket.getOutputStream().write(preface);
                assertThat(closed(socket)).isTrue();
            }
            assertThat(app.accepted).hasValue(1);
        }
    }

    @Test
    void requestsAreJudgedOneByOne() throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.HTTP, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            govern(mesh, policy(AuthorizationPolicy.Action.DENY, Values.NONE, only("/secret")));
            assertThat(HttpEndToEndTest.exchange(socket, "GET /open HTTP/1.1\r\nHost: server.test\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(HttpEndToEndTest.exchange(socket, "GET /secret HTTP/1.1\r\nHost: server.test\r\n\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .endsWith("RBAC: access denied");
            assertThat(HttpEndToEndTest.exchange(socket, "GET /open HTTP/1.1\r\nHost: server.test\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            await().until(() -> mesh.serverLog.requests.size() == 3);
            assertThat(mesh.serverLog.requests.get(1).detail).contains("test/rules rule 0");
        }
    }

    @Test
    void garbageNeitherBreaksTheProxyNorReachesAStrictApplication() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.AUTO, TlsMode.STRICT)) {
            for (int i = 0; i < 200; i++) {
                byte[] garbage = new byte[1 + random.nextInt(600)];
                random.nextBytes(garbage);
                if (random.nextBoolean()) {
                    garbage[0] = 22;
                    garbage[Math.min(1, garbage.length - 1)] = 3;
                }
                try (Socket socket = mesh.callFromOutside()) {
                    socket.getOutputStream().write(garbage);
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (SocketException e) {
                    assertThat(e).hasMessageMatching("(?s).*(reset|Broken pipe).*");
                }
            }
            assertThat(app.accepted).as("seed %d", seed).hasValue(0);
            try (Socket socket = mesh.call()) {
                assertThat(ask(socket, "\0still here")).isEqualTo("\0still here");
            }
            await().until(() -> mesh.serverLog.closed.size() >= 200);
            assertThat(mesh.serverLog.closed.subList(0, 200))
                    .as("seed %d", seed)
                    .allSatisfy(record -> assertThat(record.refusal).isNotNull());
        }
    }

    @Test
    void thousandsOfIdleConnectionsStayOpenAndUsable() throws Exception {
        int wanted = 10_000;
        // Each connection has four sockets in this process: two pairs.
        int connections = (int) Math.min(wanted, (fileLimit() - 1000) / 4);
        System.out.println("idle connections: " + connections);
        List<Socket> sockets = new ArrayList<>();
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.TCP, TlsMode.PERMISSIVE)) {
            try {
                for (int i = 0; i < connections; i++) {
                    Socket socket = mesh.callFromOutside();
                    socket.getOutputStream().write('x');
                    sockets.add(socket);
                }
                await().atMost(Duration.ofSeconds(60)).until(() -> mesh.server.connections() == connections);
                for (int i = 0; i < connections; i += 97) {
                    assertThat(sockets.get(i).getInputStream().read()).isEqualTo('x');
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> mesh.server.connections() == 0);
            assertThat(mesh.serverLog.closed).hasSize(connections);
        }
    }

    private static long fileLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[3]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatMayBeMeshedIsAskedForAndNeverGuessed() throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.TCP, TlsMode.STRICT)) {
            Lookup known = Objects.requireNonNull(mesh.clientView.known(MeshFixture.SERVICE_IP));
            mesh.clientView.forget(MeshFixture.SERVICE_IP);
            mesh.clientView.putOnDemand(MeshFixture.SERVICE_IP, new Lookup.Unavailable("the control plane is away"));
            try (Socket socket = mesh.call()) {
                assertThat(closed(socket)).isTrue();
            }
            await().until(() -> mesh.clientLog.closed.size() == 1);
            assertThat(mesh.clientLog.closed.getFirst().refusal).isEqualTo(Refusal.DESTINATION_UNKNOWN);
            assertThat(app.accepted).hasValue(0);

            mesh.clientView.putOnDemand(MeshFixture.SERVICE_IP, known);
            try (Socket socket = mesh.call()) {
                assertThat(ask(socket, "hello")).isEqualTo("hello");
            }
        }
    }

    @Test
    void aCallerThatSpeaksHttpIsToldWhyNothingIsForwarded() throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.AUTO, TlsMode.STRICT)) {
            mesh.clientView.forget(MeshFixture.SERVICE_IP);
            mesh.clientView.putOnDemand(MeshFixture.SERVICE_IP, new Lookup.Unavailable("the control plane is away"));
            try (Socket socket = mesh.call()) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 503 ");
            }
            assertThat(app.accepted).hasValue(0);
        }
    }

    @Test
    void anotherEndpointIsTriedWhenOneRefuses() throws Exception {
        AppServer gone = new AppServer(AppServer.ECHO);
        gone.close();
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.TCP, TlsMode.STRICT)) {
            mesh.clientView.put(
                    MeshFixture.SERVICE_IP,
                    MeshFixture.service(
                            AppProtocol.TCP,
                            List.of(
                                    MeshFixture.workload("a", MeshFixture.SERVER, gone.address(), TlsMode.STRICT),
                                    MeshFixture.workload("b", MeshFixture.SERVER, mesh.inbound(), TlsMode.STRICT))));
            for (int i = 0; i < 4; i++) {
                try (Socket socket = mesh.call()) {
                    assertThat(ask(socket, "hello")).isEqualTo("hello");
                }
            }
        }
    }

    @Test
    void callingTheProxyItselfIsALoop() throws Exception {
        MeshFixture.Lone lone = MeshFixture.lone(channel -> (InetSocketAddress) channel.localAddress());
        try (ProxyServer proxy = lone.server();
                Socket socket = new Socket(
                        proxy.inboundAddress().getAddress(),
                        proxy.inboundAddress().getPort())) {
            assertThat(closed(socket)).isTrue();
            await().until(() -> !lone.log().closed.isEmpty());
            assertThat(lone.log().closed.getFirst().refusal).isEqualTo(Refusal.LOOP);
        }
    }

    @Test
    void aConnectionThatNobodyRedirectedIsRefused() throws Exception {
        MeshFixture.Lone lone = MeshFixture.lone(new NetfilterDestination());
        try (ProxyServer proxy = lone.server();
                Socket socket = new Socket(
                        proxy.outboundAddress().getAddress(),
                        proxy.outboundAddress().getPort())) {
            assertThat(closed(socket)).isTrue();
            await().until(() -> !lone.log().closed.isEmpty());
            assertThat(lone.log().closed.getFirst().refusal).isIn(Refusal.NO_ORIGINAL_DESTINATION, Refusal.LOOP);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, MeshFixture.ip("127.0.0.1"))) {
            ProxyServer proxy = MeshFixture.server(taken.getLocalPort());
            assertThatThrownBy(proxy::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1 port " + taken.getLocalPort());
        }
    }

    @Test
    void drainingLetsConnectionsEndAndThenClosesThem() throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(BORING, app, AppProtocol.TCP, TlsMode.STRICT);
                Socket quick = mesh.call();
                Socket slow = mesh.call()) {
            assertThat(ask(quick, "a")).isEqualTo("a");
            assertThat(ask(slow, "b")).isEqualTo("b");
            Thread draining = Thread.ofVirtual().start(() -> {
                try {
                    mesh.server.drain(Duration.ofSeconds(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(ask(quick, "c")).isEqualTo("c");
            quick.shutdownInput();
            quick.shutdownOutput();
            assertThat(closed(slow)).isTrue();
            assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
            assertThat(mesh.server.connections()).isZero();
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> MeshFixture.server(70_000)).hasMessageContaining("inboundPort");
    }
}
