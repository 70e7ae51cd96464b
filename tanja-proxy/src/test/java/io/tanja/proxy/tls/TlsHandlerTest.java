package io.tanja.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.pki.trust.PeerExpectation;
import io.tanja.pki.trust.PeerRole;
import io.tanja.pki.trust.PeerVerifier;
import io.tanja.proxy.detect.ClientHelloParser;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.MeshAlpn;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two ends in memory, of every pair of providers: what one writes the other must read. */
class TlsHandlerTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> SERVER_ALPN = List.of("http/1.1", "h2");
    private static final String SNI = "outbound_.80_._.web.test.svc.cluster.local";
    static final List<TlsProvider> PROVIDERS = List.of(new BoringTls(TIMEOUT), new JdkTls(TIMEOUT));

    private final TestPki pki = TestPki.create(CLOCK.instant());
    private final SpiffeId caller = pki.id("test", "caller");
    private final SpiffeId called = pki.id("test", "called");
    private final PeerVerifier verifier = new PeerVerifier(pki.bundle());
    private final List<TlsProvider.Ends> opened = new ArrayList<>();
    private @Nullable End client;
    private @Nullable End server;

    static Stream<Arguments> pairs() {
        return PROVIDERS.stream().flatMap(one -> PROVIDERS.stream().map(other -> Arguments.of(one, other)));
    }

    /** One end: its channel, and what comes out behind its TLS. */
    private static final class End extends ChannelInboundHandlerAdapter {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final TlsEnd tls;
        final PeerCheck check;
        final Future<TlsEnd.Session> handshake;
        final List<Throwable> failures = new ArrayList<>();
        boolean ended;

        End(TlsEnd tls, PeerCheck check) {
            this.tls = tls;
            this.check = check;
            handshake = tls.install(channel.pipeline());
            channel.pipeline().addLast(this);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ended |= event == ChannelInputShutdownEvent.INSTANCE;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        void write(byte[] bytes) {
            channel.writeOutbound(Unpooled.copiedBuffer(bytes));
        }

        String read() {
            StringBuilder all = new StringBuilder();
            for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
                all.append(bytes.toString(US_ASCII));
                bytes.release();
            }
            return all.toString();
        }
    }

    private TlsProvider.Ends open(TlsProvider provider, TestIdentity identity, SpiffeId id) {
        TlsProvider.Ends ends = provider.open(
                new IdentitySnapshot(id, identity.key(), identity.chain(), identity.roots(), identity.notAfter()));
        opened.add(ends);
        return ends;
    }

    private void connect(TlsProvider one, TlsProvider other, List<String> alpn, Set<SpiffeId> expected) {
        PeerCheck ofServer = new PeerCheck(chain ->
                verifier.verify(chain, PeerRole.SERVER, new PeerExpectation.Exactly(expected), CLOCK.instant()));
        PeerCheck ofClient = new PeerCheck(chain -> verifier.verify(
                chain, PeerRole.CLIENT, new PeerExpectation.AnyOf(Set.of(called.trustDomain())), CLOCK.instant()));
        EmbeddedChannel any = new EmbeddedChannel();
        server = new End(open(other, pki.leaf(called), called).server(any.alloc(), ofClient, SERVER_ALPN), ofClient);
        client = new End(open(one, pki.leaf(caller), caller).client(any.alloc(), ofServer, SNI, alpn), ofServer);
        any.finishAndReleaseAll();
    }

    private End client() {
        assertThat(client).isNotNull();
        return client;
    }

    private End server() {
        assertThat(server).isNotNull();
        return server;
    }

    /** Carries bytes both ways until there are none, in pieces of at most {@code size}. */
    private void exchange(int size) {
        boolean moved = true;
        for (int round = 0; moved && round < 1000; round++) {
            boolean there = move(client(), server(), size);
            boolean back = move(server(), client(), size);
            moved = there || back;
        }
        assertThat(moved).isFalse();
    }

    private static boolean move(End from, End to, int size) {
        boolean moved = false;
        for (ByteBuf bytes = from.channel.readOutbound(); bytes != null; bytes = from.channel.readOutbound()) {
            while (bytes.isReadable() && to.channel.isOpen()) {
                to.channel.writeInbound(bytes.readRetainedSlice(Math.min(size, bytes.readableBytes())));
                moved = true;
            }
            bytes.release();
        }
        return moved;
    }

    @AfterEach
    void release() {
        Stream.of(client, server).forEach(end -> {
            if (end != null) {
                end.channel.finishAndReleaseAll();
            }
        });
        opened.forEach(TlsProvider.Ends::close);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothEndsLearnTheOtherAndNoMeshProtocolIsSelected(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.TCP, Set.of(called));
        exchange(Integer.MAX_VALUE);
        assertThat(client().handshake.isSuccess()).isTrue();
        assertThat(server().handshake.isSuccess()).isTrue();
        assertThat(client().check.peer()).isEqualTo(called);
        assertThat(server().check.peer()).isEqualTo(caller);
        assertThat(client().handshake.getNow().version()).isEqualTo("TLSv1.3");
        assertThat(client().handshake.getNow().alpn()).isNull();
        assertThat(server().handshake.getNow().alpn()).isNull();
        boolean both = one instanceof BoringTls && other instanceof BoringTls;
        String group = both ? "X25519MLKEM768" : one instanceof BoringTls ? "X25519" : "?";
        assertThat(client().handshake.getNow().group()).isEqualTo(group);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void http11IsSelectedWhereItIsOffered(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.HTTP1, Set.of(called));
        exchange(Integer.MAX_VALUE);
        assertThat(client().handshake.getNow().alpn()).isEqualTo("http/1.1");
        assertThat(server().handshake.getNow().alpn()).isEqualTo("http/1.1");
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void theHelloSaysWhatRoutingNeeds(TlsProvider provider) {
        connect(provider, provider, MeshAlpn.HTTP1, Set.of(called));
        ByteBuf hello = client().channel.readOutbound();
        assertThat(new ClientHelloParser().parse(hello)).isEqualTo(new Detected.Tls(SNI, MeshAlpn.HTTP1));
        hello.release();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bytesOfEveryLengthCrossWhateverTheSegments(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.TCP, Set.of(called));
        exchange(7);
        Random random = new Random(1);
        StringBuilder sent = new StringBuilder();
        for (int length : new int[] {1, 100, 16_383, 16_384, 16_385, 50_000, 2, 3}) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(26));
            }
            sent.append(new String(bytes, US_ASCII));
            client().write(bytes);
        }
        exchange(1000);
        assertThat(server().read()).isEqualTo(sent.toString());
        server().write("and back".getBytes(US_ASCII));
        exchange(1);
        assertThat(client().read()).isEqualTo("and back");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void oneDirectionMayEndAlone(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.TCP, Set.of(called));
        exchange(Integer.MAX_VALUE);
        client().write("question".getBytes(US_ASCII));
        client().tls.endOutput();
        exchange(Integer.MAX_VALUE);
        assertThat(server().read()).isEqualTo("question");
        assertThat(server().ended).isTrue();
        assertThat(client().ended).isFalse();
        server().write("answer".getBytes(US_ASCII));
        server().tls.endOutput();
        exchange(Integer.MAX_VALUE);
        assertThat(client().read()).isEqualTo("answer");
        assertThat(client().ended).isTrue();
        assertThat(client().failures).isEmpty();
        assertThat(server().failures).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void writesBeforeTheHandshakeWaitForIt(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.TCP, Set.of(called));
        client().write("early".getBytes(US_ASCII));
        exchange(Integer.MAX_VALUE);
        assertThat(server().read()).isEqualTo("early");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aRefusedServerLearnsItFromTheAlert(TlsProvider one, TlsProvider other) {
        connect(one, other, MeshAlpn.TCP, Set.of(caller));
        exchange(Integer.MAX_VALUE);
        assertThat(client().check.failure(client().handshake.cause()).refusal()).isEqualTo(Refusal.PEER_WRONG_IDENTITY);
        assertThat(server().check.failure(server().handshake.cause())).satisfies(failure -> {
            assertThat(failure.refusal()).isEqualTo(Refusal.PEER_REFUSED_US);
            assertThat(failure.detail()).contains("alert");
        });
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void aFinWithoutCloseNotifyIsATruncation(TlsProvider provider) {
        connect(provider, provider, MeshAlpn.TCP, Set.of(called));
        exchange(Integer.MAX_VALUE);
        server().channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(server().ended).isFalse();
        assertThat(server().failures).singleElement().isInstanceOf(TruncatedException.class);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void tamperedRecordsAreNotDelivered(TlsProvider provider) {
        connect(provider, provider, MeshAlpn.TCP, Set.of(called));
        exchange(Integer.MAX_VALUE);
        client().write("secret".getBytes(US_ASCII));
        ByteBuf record = client().channel.readOutbound();
        record.setByte(record.writerIndex() - 1, record.getByte(record.writerIndex() - 1) ^ 1);
        server().channel.writeInbound(record);
        assertThat(server().read()).isEmpty();
        assertThat(server().failures).hasSize(1);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void garbageFailsTheHandshakeAndNothingElse(TlsProvider provider) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            connect(provider, provider, MeshAlpn.TCP, Set.of(called));
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            if (random.nextBoolean()) {
                garbage[0] = 22;
            }
            server().channel.writeInbound(Unpooled.copiedBuffer(garbage));
            server().channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(server().handshake.isSuccess())
                    .as("seed %d, round %d", seed, i)
                    .isFalse();
            assertThat(server().handshake.isDone())
                    .as("seed %d, round %d", seed, i)
                    .isTrue();
            release();
            opened.clear();
        }
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void aHandshakeThatDoesNotEndTimesOut(TlsProvider provider) {
        EmbeddedChannel any = new EmbeddedChannel();
        PeerCheck check = new PeerCheck(chain -> {
            throw new IllegalStateException("nobody shows a certificate here");
        });
        TlsEnd tls = open(provider, pki.leaf(called), called).server(any.alloc(), check, SERVER_ALPN);
        any.freezeTime();
        Future<TlsEnd.Session> handshake = tls.install(any.pipeline());
        any.advanceTimeBy(TIMEOUT.toNanos() - 1, TimeUnit.NANOSECONDS);
        any.runScheduledPendingTasks();
        assertThat(handshake.isDone()).isFalse();
        any.advanceTimeBy(1, TimeUnit.NANOSECONDS);
        any.runScheduledPendingTasks();
        assertThat(check.failure(handshake.cause()).refusal()).isEqualTo(Refusal.HANDSHAKE_TIMEOUT);
        any.finishAndReleaseAll();
    }
}
