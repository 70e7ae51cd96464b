package io.tanja.proxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslProvider;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.proxy.admin.AdminServer;
import io.tanja.proxy.admin.Resource;
import io.tanja.xds.proto.grpc.health.HealthCheckRequest;
import io.tanja.xds.proto.grpc.health.HealthCheckResponse;
import io.tanja.xds.proto.grpc.health.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes as the kubelet makes them, against applications that we did not write: the JDK's server and grpc-java. */
@Timeout(60)
class ProbesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String PATH = "/app-health/web/readyz";

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final AdminServer admin = new AdminServer(loop, EpollServerSocketChannel.class);
    private final List<Headers> received = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<InetAddress> callers = new CopyOnWriteArrayList<>();
    private HttpServer web;
    private int served;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", this::serve);
        web.start();
    }

    @AfterEach
    void stop() {
        web.stop(0);
        admin.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void serve(HttpExchange exchange) throws IOException {
        received.add(exchange.getRequestHeaders());
        targets.add(exchange.getRequestURI().toString());
        callers.add(exchange.getRemoteAddress().getAddress());
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        byte[] body = (path.equals("/long") ? "x".repeat(50_000) : "I am " + path).getBytes(UTF_8);
        int status = 200;
        if (path.startsWith("/status/")) {
            status = Integer.parseInt(path.substring(8));
        } else if (path.startsWith("/to")) {
            status = 302;
            exchange.getResponseHeaders().set("Location", query == null ? "/to" : query);
        } else if (path.equals("/silent")) {
            return;
        }
        boolean none = status == 204 || status == 304;
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private int port() {
        return web.getAddress().getPort();
    }

    private AppProbe.HttpGet get(String target, AppProbe.Field... headers) {
        return new AppProbe.HttpGet(port(), target, false, List.of(headers), SECOND);
    }

    private void serve(AppProbe probe) throws IOException {
        serve(probe, Set.of(), SslProvider.OPENSSL);
    }

    private void serve(AppProbe probe, Set<Integer> ownPorts, SslProvider provider) throws IOException {
        AppClient client = new AppClient(loop.next(), EpollSocketChannel::new, AppAddress.of("127.0.0.1"), provider);
        serve(Map.of(PATH, new ProbeResource(probe, client, ownPorts)));
    }

    private void serve(Map<String, Resource> resources) throws IOException {
        served = admin.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), resources)
                .getPort();
    }

    private String ask(String path, String... fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served)) {
            socket.setSoTimeout(20_000);
            List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1"));
            lines.addAll(List.of(fields));
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String probe(AppProbe probe) throws IOException {
        serve(probe);
        return ask(PATH, "Host: 127.0.0.1:" + served, "User-Agent: kube-probe/1.33", "Connection: close");
    }

    @Test
    void passesOnWhatTheKubeletAsksAndWhatTheApplicationAnswers() throws IOException {
        serve(get("/healthz?full=1", new AppProbe.Field("X-Probe", "configured")));
        String answer = ask(
                PATH,
                "Host: 10.0.0.7:" + served,
                "User-Agent: kube-probe/1.33",
                "X-Other: a",
                "X-Probe: b",
                "TE: trailers");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nI am /healthz");
        assertThat(targets).containsExactly("/healthz?full=1");
        Headers headers = received.getFirst();
        assertThat(headers.getFirst("Host")).isEqualTo("10.0.0.7:" + port());
        assertThat(headers.getFirst("User-Agent")).isEqualTo("kube-probe/1.33");
        assertThat(headers.getFirst("X-Other")).isEqualTo("a");
        assertThat(headers.get("X-Probe")).containsExactly("configured");
        assertThat(headers).doesNotContainKey("Te");
    }

    @Test
    void comesFromTheAddressThatTheRedirectLetsPass() throws IOException {
        assertThat(probe(get("/"))).startsWith("HTTP/1.1 200 ");
        assertThat(callers).containsExactly(InetAddress.getByName("127.0.0.6"));
    }

    @Test
    void aHostOfTheProbesOwnWins() throws IOException {
        assertThat(probe(get("/", new AppProbe.Field("Host", "web.test")))).startsWith("HTTP/1.1 200 ");
        assertThat(received.getFirst().get("Host")).containsExactly("web.test");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299, 400, 404, 418, 500, 503, 599})
    void theStatusIsPassedOn(int status) throws IOException {
        assertThat(probe(get("/status/" + status))).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 305, 399})
    void aRedirectToNowhereIsGood(int status) throws IOException {
        assertThat(probe(get("/status/" + status))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aRedirectIsFollowedInsideThePod() throws IOException {
        assertThat(probe(get("/to?/status/404"))).startsWith("HTTP/1.1 404 ");
        assertThat(targets).containsExactly("/to?/status/404", "/status/404");
        assertThat(received.get(1).getFirst("Host")).isEqualTo("127.0.0.1:" + port());
        assertThat(received.get(1).getFirst("User-Agent")).isEqualTo("kube-probe/1.33");
    }

    @Test
    void aRedirectThatLeadsElsewhereIsGoodAndNobodyIsCalled() throws IOException {
        assertThat(probe(get("/to?http://localhost:" + port() + "/status/404"))).startsWith("HTTP/1.1 200 ");
        assertThat(targets).hasSize(1);
    }

    @Test
    void endlessRedirectsFail() throws IOException {
        assertThat(probe(get("/to"))).startsWith("HTTP/1.1 500 ").contains("redirected more than 10 times");
        assertThat(targets).hasSize(11);
    }

    @Test
    void noRedirectLeadsToTheProxyItself() throws IOException {
        serve(get("/to?http://127.0.0.1:15090/stats"), Set.of(15090), SslProvider.OPENSSL);
        assertThat(ask(PATH)).startsWith("HTTP/1.1 500 ").contains("which is not the application's");
    }

    @Test
    void aLongAnswerIsCut() throws IOException {
        String answer = probe(get("/long"));
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("content-length: 10240\r\n");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(10240);
    }

    @Test
    void anApplicationThatSaysNothingFailsInTime() throws IOException {
        long began = System.nanoTime();
        assertThat(probe(get("/silent")))
                .startsWith("HTTP/1.1 500 ")
                .endsWith("GET /silent on port " + port() + " failed: no whole answer in time\n");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
    }

    @Test
    void nobodyThereFails() throws IOException {
        web.stop(0);
        assertThat(probe(get("/"))).startsWith("HTTP/1.1 500 ").contains("refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", "HTTP/1.1 101 Go\r\n\r\n"
            })
    void anAnswerThatIsNoneFails(String answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(answer.getBytes(UTF_8));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            AppProbe probe = new AppProbe.HttpGet(server.getLocalPort(), "/", false, List.of(), SECOND);
            assertThat(probe(probe)).startsWith("HTTP/1.1 500 ").contains(" failed: it");
        }
    }

    @Test
    void onlyWhatIsConfiguredIsServed() throws IOException {
        serve(get("/"));
        for (String path : List.of("/app-health/web/livez", "/app-health/other/readyz", PATH + "/", "/", PATH + "x")) {
            assertThat(ask(path)).as(path).startsWith("HTTP/1.1 404 ");
        }
        assertThat(ask("http://127.0.0.1:" + port() + "/")).startsWith("HTTP/1.1 404 ");
        assertThat(targets).isEmpty();
    }

    @Test
    void aKubeletThatGivesUpIsForgotten() throws IOException {
        serve(get("/silent"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served)) {
            socket.getOutputStream().write(("GET " + PATH + " HTTP/1.1\r\n\r\n").getBytes(UTF_8));
        }
        assertThat(ask(PATH)).startsWith("HTTP/1.1 500 ");
    }

    @ParameterizedTest
    @EnumSource(value = SslProvider.class, names = "OPENSSL_REFCNT", mode = EnumSource.Mode.EXCLUDE)
    void httpsTakesAnyCertificate(SslProvider provider) throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(serverTls()));
        secure.createContext("/", this::serve);
        secure.start();
        try {
            serve(
                    new AppProbe.HttpGet(
                            secure.getAddress().getPort(), "/tls", true, List.of(), SECOND.multipliedBy(5)),
                    Set.of(),
                    provider);
            assertThat(ask(PATH)).startsWith("HTTP/1.1 200 ").endsWith("I am /tls");
        } finally {
            secure.stop(0);
        }
    }

    private static SSLContext serverTls() throws GeneralSecurityException, IOException {
        TestIdentity identity = TestPki.create(Instant.now())
                .expired(TestPki.create(Instant.now()).id("a", "b"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void httpsToAnHttpPortFails() throws IOException {
        assertThat(probe(new AppProbe.HttpGet(port(), "/", true, List.of(), SECOND)))
                .startsWith("HTTP/1.1 500 ")
                .contains("by HTTPS failed: ");
    }

    @Test
    void aConnectionIsEnoughForTcp() throws IOException {
        serve(new AppProbe.TcpSocket(port(), SECOND));
        assertThat(ask(PATH)).startsWith("HTTP/1.1 200 ");
        web.stop(0);
        assertThat(ask(PATH)).startsWith("HTTP/1.1 500 ").contains("refused");
    }

    private static Server health(Map<String, ServingStatus> services) throws IOException {
        MethodDescriptor<HealthCheckRequest, HealthCheckResponse> check =
                MethodDescriptor.<HealthCheckRequest, HealthCheckResponse>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .setRequestMarshaller(ProtoLiteUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
                        .setResponseMarshaller(ProtoLiteUtils.marshaller(HealthCheckResponse.getDefaultInstance()))
                        .build();
        ServerServiceDefinition service = ServerServiceDefinition.builder("grpc.health.v1.Health")
                .addMethod(check, ServerCalls.asyncUnaryCall((request, observer) -> {
                    ServingStatus status = services.get(request.getService());
                    if (status == null) {
                        observer.onError(new StatusRuntimeException(Status.NOT_FOUND));
                    } else if (status != ServingStatus.UNKNOWN) {
                        observer.onNext(HealthCheckResponse.newBuilder()
                                .setStatus(status)
                                .build());
                        observer.onCompleted();
                    }
                }))
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
    }

    @Test
    void asksForTheHealthOfGrpc() throws Exception {
        int port;
        Server server = health(
                Map.of("", ServingStatus.SERVING, "ill", ServingStatus.NOT_SERVING, "slow", ServingStatus.UNKNOWN));
        try {
            port = server.getPort();
            assertThat(grpc(port, "")).startsWith("HTTP/1.1 200 ");
            assertThat(grpc(port, "ill")).startsWith("HTTP/1.1 500 ").contains("it answered NOT_SERVING");
            assertThat(grpc(port, "other")).startsWith("HTTP/1.1 500 ").contains("NOT_FOUND");
            assertThat(grpc(port, "slow")).startsWith("HTTP/1.1 500 ").contains("DEADLINE_EXCEEDED");
        } finally {
            server.shutdownNow().awaitTermination();
        }
        assertThat(grpc(port, "")).startsWith("HTTP/1.1 500 ").contains("refused");
        assertThat(grpc(port(), "")).startsWith("HTTP/1.1 500 ");
    }

    private String grpc(int port, String service) throws IOException {
        return probe(new AppProbe.Grpc(port, service, SECOND));
    }
}
