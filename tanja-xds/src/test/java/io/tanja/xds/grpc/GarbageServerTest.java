package io.tanja.xds.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.xds.fake.ClientLoop;
import io.tanja.xds.fake.FakeControlPlane;
import io.tanja.xds.fake.Seeds;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trusted server whose HTTP/2 is nonsense: each connection and call ends with a reason, none hangs. */
class GarbageServerTest {
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static TestPki pki;
    private static ClientLoop loop;

    @BeforeAll
    static void begin() {
        pki = TestPki.create(Instant.now());
        loop = new ClientLoop();
    }

    @AfterAll
    static void end() {
        loop.close();
    }

    static List<Long> seeds() {
        return Seeds.all();
    }

    /** Listens, and answers each handshake with {@code bytes}. */
    private static Channel server(byte[] bytes, String protocol) throws Exception {
        TestIdentity identity = pki.server(FakeControlPlane.SERVER_NAME);
        SslContext tls = SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
        return new ServerBootstrap()
                .group(loop.loop())
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Answer(bytes));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final byte[] bytes;

        Answer(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent) {
                context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static GrpcConnector connector(Channel server) {
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        GrpcSettings settings =
                new GrpcSettings(Duration.ofMillis(1500), Duration.ofSeconds(30), Duration.ofSeconds(10), 1 << 20);
        byte[] roots = io.tanja.pki.pem.Certificates.pem(pki.roots()).getBytes(StandardCharsets.US_ASCII);
        return loop.to(
                new GrpcTarget("127.0.0.1", port, FakeControlPlane.SERVER_NAME), roots, settings, SslProvider.JDK);
    }

    private static GrpcStatus outcome(Channel server) throws Exception {
        Future<GrpcConnection> attempt = connector(server).connect(new ConnectionListener() {});
        assertThat(attempt.await(20, TimeUnit.SECONDS)).isTrue();
        if (!attempt.isSuccess()) {
            return ((GrpcException) attempt.cause()).status();
        }
        GrpcConnection connection = attempt.getNow();
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        connection
                .eventLoop()
                .execute(() -> connection
                        .unary(
                                "/a/b",
                                Map.of(),
                                Duration.ofMillis(500),
                                IstioCertificateRequest.getDefaultInstance(),
                                IstioCertificateResponse.parser())
                        .addListener(done -> {
                            end.set(done.cause());
                            connection.close("test is over");
                        }));
        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(GrpcException.class);
        return ((GrpcException) end.get()).status();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesInsteadOfSettings(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] bytes = new byte[500];
        random.nextBytes(bytes);
        Channel server = server(bytes, "h2");
        assertThat(outcome(server).code()).isEqualTo(GrpcStatus.Code.UNAVAILABLE);
        server.close().sync();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomFramesAfterSettings(long seed) throws Exception {
        Random random = new Random(seed);
        List<GrpcStatus.Code> ends = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            ByteBuf bytes = Unpooled.buffer().writeBytes(SETTINGS);
            for (int i = 0; i < 20; i++) {
                byte[] payload = new byte[random.nextInt(40)];
                random.nextBytes(payload);
                bytes.writeMedium(payload.length)
                        .writeByte(random.nextInt(11))
                        .writeByte(random.nextInt(64))
                        .writeInt(random.nextInt(4))
                        .writeBytes(payload);
            }
            byte[] all = new byte[bytes.readableBytes()];
            bytes.readBytes(all);
            Channel server = server(all, "h2");
            ends.add(outcome(server).code());
            server.close().sync();
        }
        assertThat(ends).hasSize(8).doesNotContain(GrpcStatus.Code.OK);
    }

    @Test
    void aServerOfAnotherProtocolIsRefused() throws Exception {
        Channel server = server(SETTINGS, "http/1.1");
        assertThat(outcome(server).message()).contains("does not speak HTTP/2");
        server.close().sync();
    }
}
