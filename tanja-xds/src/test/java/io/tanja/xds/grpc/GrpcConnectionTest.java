package io.tanja.xds.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import io.tanja.pki.TestPki;
import io.tanja.xds.fake.ClientLoop;
import io.tanja.xds.fake.FakeControlPlane;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcConnectionTest {
    private static final String PATH = "/istio.v1.auth.IstioCertificateService/CreateCertificate";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static TestPki pki;
    private static ClientLoop client;

    private FakeControlPlane server;

    @BeforeAll
    static void begin() {
        pki = TestPki.create(Instant.now());
        client = new ClientLoop();
    }

    @AfterAll
    static void end() {
        client.close();
    }

    @BeforeEach
    void start() {
        server = FakeControlPlane.start(pki);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static GrpcConnection connect(GrpcConnector connector, ConnectionListener listener) throws Exception {
        return connector.connect(listener).get(20, TimeUnit.SECONDS);
    }

    private static IstioCertificateResponse call(GrpcConnection connection, String csr, Duration timeout)
            throws Exception {
        Promise<IstioCertificateResponse> future = connection.eventLoop().newPromise();
        connection
                .eventLoop()
                .execute(() -> connection
                        .unary(
                                PATH,
                                Map.of("authorization", "Bearer t"),
                                timeout,
                                IstioCertificateRequest.newBuilder().setCsr(csr).build(),
                                IstioCertificateResponse.parser())
                        .addListener(new PromiseNotifier<>(future)));
        assertThat(future.await(20, TimeUnit.SECONDS)).isTrue();
        if (!future.isSuccess()) {
            throw (Exception) future.cause();
        }
        return future.getNow();
    }

    private static void close(GrpcConnection connection) throws Exception {
        connection.eventLoop().submit(() -> connection.close("test is over")).get(20, TimeUnit.SECONDS);
    }

    private static GrpcStatus.Code code(AtomicReference<@Nullable GrpcStatus> end) {
        return Objects.requireNonNull(end.get()).code();
    }

    private static GrpcStatus failure(GrpcConnector connector) throws Exception {
        Future<GrpcConnection> attempt = connector.connect(new ConnectionListener() {});
        assertThat(attempt.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(attempt.cause()).isInstanceOf(GrpcException.class);
        return ((GrpcException) attempt.cause()).status();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void callsOverEitherProvider(SslProvider provider) throws Exception {
        assertThat(OpenSsl.isAvailable()).isTrue();
        server.issue(request -> List.of(request.getCsr(), "b"));
        GrpcConnector connector = client.to(server.target(), server.rootPem(), ClientLoop.SETTINGS, provider);
        GrpcConnection connection = connect(connector, new ConnectionListener() {});
        assertThat(call(connection, "x", LONG).getCertChainList()).containsExactly("x", "b");
        assertThat(call(connection, "y", LONG).getCertChainList()).containsExactly("y", "b");
        assertThat(server.authorizations()).containsExactly("Bearer t", "Bearer t");
        close(connection);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void refusesAServerOfAnotherName(SslProvider provider) throws Exception {
        GrpcTarget target = new GrpcTarget("127.0.0.1", server.target().port(), "other.test");
        assertThat(failure(client.to(target, server.rootPem(), ClientLoop.SETTINGS, provider))
                        .message())
                .contains("TLS handshake failed");
        assertThat(server.authorizations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void refusesAServerOfAnotherCa(SslProvider provider) throws Exception {
        try (FakeControlPlane other = FakeControlPlane.start(TestPki.create(Instant.now()))) {
            assertThat(failure(client.to(other.target(), server.rootPem(), ClientLoop.SETTINGS, provider))
                            .message())
                    .contains("TLS handshake failed");
            assertThat(other.authorizations()).isEmpty();
        }
    }

    @Test
    void bigMessagesPassBothWays() throws Exception {
        String big = "x".repeat(3 << 20);
        server.issue(request -> List.of(request.getCsr() + request.getCsr() + request.getCsr()));
        GrpcConnection connection = connect(client.to(server), new ConnectionListener() {});
        assertThat(call(connection, big, LONG).getCertChain(0)).hasSize(9 << 20);
        close(connection);
    }

    @Test
    void refusesAMessageOverTheLimit() throws Exception {
        server.issue(request -> List.of("x".repeat(100_000)));
        GrpcSettings small = new GrpcSettings(LONG, LONG, LONG, 1000);
        GrpcConnection connection = connect(
                client.to(server.target(), server.rootPem(), small, SslProvider.JDK), new ConnectionListener() {});
        assertThatExceptionOfType(GrpcException.class)
                .isThrownBy(() -> call(connection, "x", LONG))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(GrpcStatus.Code.RESOURCE_EXHAUSTED))
                .withMessageContaining("exceeds the limit of 1000");
        close(connection);
    }

    @Test
    void passesOnTheServersStatus() throws Exception {
        server.issue(request -> {
            throw io.grpc.Status.UNAUTHENTICATED.withDescription("no\n é token").asRuntimeException();
        });
        GrpcConnection connection = connect(client.to(server), new ConnectionListener() {});
        assertThatExceptionOfType(GrpcException.class)
                .isThrownBy(() -> call(connection, "x", LONG))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(GrpcStatus.Code.UNAUTHENTICATED))
                .withMessageContaining("no\\u000a \\u00e9 token");
        close(connection);
    }

    @Test
    void givesUpAtTheDeadline() throws Exception {
        server.mute(true);
        GrpcConnection connection = connect(client.to(server), new ConnectionListener() {});
        assertThatExceptionOfType(GrpcException.class)
                .isThrownBy(() -> call(connection, "x", Duration.ofMillis(200)))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(GrpcStatus.Code.DEADLINE_EXCEEDED));
        close(connection);
    }

    @Test
    void unknownMethodsAreUnimplemented() throws Exception {
        GrpcConnection connection = connect(client.to(server), new ConnectionListener() {});
        AtomicReference<@Nullable GrpcStatus> end = new AtomicReference<>();
        connection
                .eventLoop()
                .execute(() -> connection
                        .open("/no.Such/Method", Map.of(), Duration.ZERO, new EndListener(end))
                        .sendLast(IstioCertificateRequest.getDefaultInstance()));
        await().until(() -> end.get() != null);
        assertThat(code(end)).isEqualTo(GrpcStatus.Code.UNIMPLEMENTED);
        close(connection);
    }

    @Test
    void tellsWhenTheServerDrainsAndWhenItIsGone() throws Exception {
        AtomicReference<String> goAway = new AtomicReference<>();
        AtomicReference<String> closed = new AtomicReference<>();
        server.mute(true);
        GrpcConnection connection = connect(client.to(server), new ConnectionListener() {
            @Override
            public void onGoAway(String reason) {
                goAway.set(reason);
            }

            @Override
            public void onClosed(String reason) {
                closed.set(reason);
            }
        });
        AtomicReference<@Nullable GrpcStatus> end = new AtomicReference<>();
        connection
                .eventLoop()
                .execute(() -> connection
                        .open(PATH, Map.of(), Duration.ZERO, new EndListener(end))
                        .sendLast(IstioCertificateRequest.getDefaultInstance()));
        await().until(() -> !server.certificateRequests().isEmpty());
        server.drain();
        await().until(() -> goAway.get() != null);
        assertThat(connection.isUsable()).isFalse();
        assertThat(end.get()).as("a running call may finish").isNull();
        server.stop();
        await().until(() -> closed.get() != null && end.get() != null);
        assertThat(code(end)).isIn(GrpcStatus.Code.UNAVAILABLE, GrpcStatus.Code.CANCELLED);
    }

    @Test
    void pingsFindADeadPeer() throws Exception {
        // A server that answers pings keeps the connection; one whose process is stopped does not. The latter is
        // made by a timeout that is over before any answer can be read.
        AtomicReference<String> closed = new AtomicReference<>();
        GrpcSettings alive = new GrpcSettings(LONG, Duration.ofMillis(20), Duration.ofSeconds(10), 1 << 20);
        GrpcConnection kept = connect(
                client.to(server.target(), server.rootPem(), alive, SslProvider.JDK), new ConnectionListener() {});
        GrpcSettings hasty = new GrpcSettings(LONG, Duration.ofMillis(20), Duration.ofNanos(1), 1 << 20);
        server.mute(true);
        AtomicReference<@Nullable GrpcStatus> end = new AtomicReference<>();
        long begun = System.nanoTime();
        GrpcConnection dead =
                connect(client.to(server.target(), server.rootPem(), hasty, SslProvider.JDK), new ConnectionListener() {
                    @Override
                    public void onClosed(String reason) {
                        closed.set(reason);
                    }
                });
        dead.eventLoop()
                .execute(() -> dead.open(PATH, Map.of(), Duration.ZERO, new EndListener(end))
                        .sendLast(IstioCertificateRequest.getDefaultInstance()));
        await().until(() -> closed.get() != null && end.get() != null);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("a running call must not hold the news back")
                .isLessThan(Duration.ofSeconds(9));
        assertThat(closed.get()).contains("no sign of life");
        assertThat(kept.isUsable()).isTrue();
        close(kept);
    }

    @Test
    void aSilentPortFailsInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            GrpcSettings hasty = new GrpcSettings(Duration.ofMillis(300), LONG, LONG, 1 << 20);
            GrpcTarget target = new GrpcTarget("127.0.0.1", silent.getLocalPort(), FakeControlPlane.SERVER_NAME);
            assertThat(failure(client.to(target, server.rootPem(), hasty, SslProvider.JDK)))
                    .satisfies(status -> assertThat(status.code()).isEqualTo(GrpcStatus.Code.UNAVAILABLE))
                    .satisfies(status -> assertThat(status.message()).contains("no connection within 300 ms"));
        }
    }

    @Test
    void aClosedPortAndAnUnknownNameFail() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        GrpcTarget nobody = GrpcTarget.of("127.0.0.1", port);
        assertThat(failure(client.to(nobody, server.rootPem(), ClientLoop.SETTINGS, SslProvider.JDK))
                        .message())
                .contains("127.0.0.1:" + port);
        GrpcConnector unknown = new GrpcConnector(
                client.loop(),
                io.netty.channel.socket.nio.NioSocketChannel::new,
                GrpcTarget.of("nowhere.test", 1),
                () -> {
                    throw new IllegalStateException("not reached");
                },
                host -> {
                    throw new java.net.UnknownHostException(host);
                },
                ClientLoop.SETTINGS);
        assertThat(failure(unknown).message()).contains("cannot look up nowhere.test");
    }

    @Test
    void rootsMustBeReadable() {
        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(
                        () -> ControlPlaneTls.client("nonsense".getBytes(StandardCharsets.US_ASCII), SslProvider.JDK))
                .withMessageContaining("root certificates");
    }

    private record EndListener(AtomicReference<@Nullable GrpcStatus> end) implements StreamListener {
        @Override
        public void onMessage(io.netty.buffer.ByteBuf message) throws IOException {
            throw new IOException("unexpected");
        }

        @Override
        public void onClosed(GrpcStatus status) {
            end.set(status);
        }
    }
}
