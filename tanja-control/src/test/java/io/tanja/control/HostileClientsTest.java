package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tanja.xds.ads.server.AdsServer;
import io.tanja.xds.ads.server.FakeProxy;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes to the port besides proxies must neither be answered nor be felt by them. */
class HostileClientsTest {
    private static final String CONFIG = ResourceType.PROXY_CONFIG.url();

    @TempDir
    Path temp;

    private @Nullable TestMesh started;

    @BeforeEach
    void start() throws Exception {
        started = new TestMesh(temp);
    }

    @AfterEach
    void stillServesAndStops() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            assertThat(proxy.next().getRemovedResourcesList()).containsExactly(TestMesh.uid("web-1"));
        }
        mesh().close();
    }

    private TestMesh mesh() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    @Test
    void closesOnRandomBytes() throws Exception {
        long seed = 20261123;
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            byte[] bytes = new byte[1 + random.nextInt(3000)];
            random.nextBytes(bytes);
            assertThat(answer(bytes)).as("seed %s round %s", seed, round).doesNotContain("HTTP/", "PRI ");
        }
    }

    @Test
    void doesNotSpeakPlaintextHttp() throws Exception {
        assertThat(answer("GET /debug HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain("HTTP/");
        assertThat(answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain("HTTP/");
    }

    @Test
    void doesNotTrustAClientIntoTrustingIt() throws Exception {
        // A client that does not know the mesh's root must fail by itself: the certificate is not of a public CA.
        try (SSLSocket socket = (SSLSocket) SSLContext.getDefault()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), mesh().plane().port())) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void refusesAMessageOfMoreThanFourMebibytes() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.send(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(CONFIG)
                    .addResourceNamesSubscribe("x".repeat(5 << 20)));
            assertThat(proxy.end().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        }
    }

    @Test
    void refusesALongNameAndTooMany() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, "x".repeat(5000));
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            DeltaDiscoveryRequest.Builder many =
                    DeltaDiscoveryRequest.newBuilder().setTypeUrl(ResourceType.ADDRESS.url());
            for (int i = 0; i < 20_001; i++) {
                many.addResourceNamesSubscribe("/" + i);
            }
            proxy.send(many);
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
    }

    @Test
    void endsAStreamWhoseMessagesDoNotDecode() throws Exception {
        long seed = 15012;
        Random random = new Random(seed);
        byte[] good = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(ResourceType.ADDRESS.url())
                .addResourceNamesSubscribe("/10.0.0.1")
                .setResponseNonce("1")
                .build()
                .toByteArray();
        MethodDescriptor<byte[], byte[]> raw =
                AdsServer.DELTA.toBuilder(new Bytes(), new Bytes()).build();
        ManagedChannel channel = mesh().channel();
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + mesh().token(TestMesh.ACCOUNT));
        for (int round = 0; round < 60; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            CompletableFuture<Status> end = new CompletableFuture<>();
            ClientCall<byte[], byte[]> call = channel.newCall(raw, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    headers);
            call.request(10);
            call.sendMessage(bad);
            call.halfClose();
            assertThat(end)
                    .as("seed %s round %s", seed, round)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(status -> assertThat(status.getCode())
                            .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.PERMISSION_DENIED));
        }
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the port answers to bytes, until it closes or says nothing for a while. */
    private String answer(byte[] bytes) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), mesh().plane().port())) {
            socket.setSoTimeout(100);
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(1000), StandardCharsets.ISO_8859_1);
        } catch (IOException closed) {
            return "";
        }
    }
}
