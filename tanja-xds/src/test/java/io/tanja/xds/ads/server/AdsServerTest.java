package io.tanja.xds.ads.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server behind a real gRPC transport; who calls is what the test says. */
class AdsServerTest {
    private static final SpiffeId CALLER = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/default");
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    private final AtomicReference<@Nullable SpiffeId> caller = new AtomicReference<>(CALLER);
    private final AdsServer ads = new AdsServer(
            () -> {
                SpiffeId identity = caller.get();
                if (identity == null) {
                    throw new IllegalStateException("nobody");
                }
                return identity;
            },
            Thread.ofVirtual().factory(),
            () -> NOW,
            Limits.DEFAULT);
    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NettyServerBuilder.forAddress(loopback)
                .addService(ads.service())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        ads.close();
        if (channel != null && server != null) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void pushesToEveryStreamAndTellsHowFarEachIs() throws Exception {
        ads.publish(FakeCatalog.version("1").with("a", "1"));
        try (FakeProxy one = proxy(100)) {
            // Answered before the other begins, so that it is the first stream.
            one.subscribe(FakeCatalog.TYPE);
            one.nextAcked();
            pushesToBoth(one);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> ads.streams().isEmpty());
    }

    private void pushesToBoth(FakeProxy one) throws Exception {
        try (FakeProxy other = proxy(100)) {
            other.subscribe(FakeCatalog.TYPE);
            other.nextAcked();
            // An acknowledgement that the next push overtakes is stale, and rightly not counted.
            await().atMost(Duration.ofSeconds(10)).until(() -> type(0).current() && type(1).current());
            ads.publish(FakeCatalog.version("2").with("a", "2"));
            assertThat(one.nextAcked().getSystemVersionInfo()).isEqualTo("2");
            other.nack(other.next(), "does not fit");

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(type(0).versionAcked()).isEqualTo("2");
                assertThat(type(0).current()).isTrue();
                assertThat(type(1).versionAcked()).isEqualTo("1");
                assertThat(type(1).nackReason()).isEqualTo("does not fit");
            });
            StreamStatus first = ads.streams().getFirst();
            assertThat(first.caller()).isEqualTo(CALLER);
            assertThat(first.node()).isEqualTo("sidecar~fake");
            assertThat(first.peer()).startsWith("127.0.0.1:");
            assertThat(first.since()).isEqualTo(NOW);
        }
    }

    @Test
    void givesASlowClientTheNewestStateAndNotTheHistory() throws Exception {
        String large = "x".repeat(200_000);
        ads.publish(FakeCatalog.version("0").with("a", large + 0));
        try (FakeProxy slow = proxy(1)) {
            slow.subscribe(FakeCatalog.TYPE);
            slow.next();
            int published = 200;
            for (int i = 1; i <= published; i++) {
                ads.publish(FakeCatalog.version(Integer.toString(i)).with("a", large + i));
            }
            slow.read(published);
            int received = 0;
            DeltaDiscoveryResponse last;
            do {
                last = slow.next();
                received++;
            } while (!last.getSystemVersionInfo().equals(Integer.toString(published)));

            assertThat(received).as("responses for %s states", published).isLessThan(published / 2);
            assertThat(last.getResources(0).getVersion()).isEqualTo(large + published);
        }
    }

    @Test
    void doesNotAnswerAcksAndDoesNotRepeatARefusedResponse() throws Exception {
        ads.publish(FakeCatalog.version("1").with("a", "1"));
        try (FakeProxy proxy = proxy(100)) {
            proxy.subscribe(FakeCatalog.TYPE);
            DeltaDiscoveryResponse first = proxy.next();
            proxy.nack(first, "no");
            proxy.ack(first);
            // Answered in order: whatever the server had to say to the two above comes before this.
            proxy.subscribe(FakeCatalog.TYPE, "marker");

            assertThat(proxy.next().getRemovedResourcesList()).containsExactly("marker");
            assertThat(proxy.waiting()).isZero();
        }
    }

    @Test
    void servesSeveralTypesOnOneStream() throws Exception {
        ads.publish(FakeCatalog.version("1").with("a", "1"));
        try (FakeProxy proxy = proxy(100)) {
            proxy.subscribe("type.googleapis.com/other");
            assertThat(proxy.next().getTypeUrl()).isEqualTo("type.googleapis.com/other");
            proxy.subscribe(FakeCatalog.TYPE, "a");
            DeltaDiscoveryResponse response = proxy.next();

            assertThat(response.getResourcesList().stream().map(Resource::getName))
                    .containsExactly("a");
        }
    }

    @Test
    void refusesACallWithoutIdentity() throws Exception {
        caller.set(null);
        try (FakeProxy proxy = proxy(1)) {
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        assertThat(ads.streams()).isEmpty();
    }

    @Test
    void endsAStreamThatAsksForWhatItMayNotRead() throws Exception {
        ads.publish(FakeCatalog.version("1").with("secret", "1").refusing("secret", "not yours"));
        try (FakeProxy proxy = proxy(100)) {
            proxy.subscribe(FakeCatalog.TYPE, "secret");
            assertThat(proxy.end())
                    .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED))
                    .satisfies(status -> assertThat(status.getDescription()).isEqualTo("not yours"));
            assertThat(proxy.waiting()).isZero();
        }
    }

    @Test
    void refusesTooManyTypesAndAnEmptyOne() throws Exception {
        try (FakeProxy proxy = proxy(100)) {
            for (int i = 0; i <= Limits.DEFAULT.types(); i++) {
                proxy.subscribe("type.googleapis.com/t" + i);
            }
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
        try (FakeProxy proxy = proxy(100)) {
            proxy.send(DeltaDiscoveryRequest.newBuilder());
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void endsAllStreamsWhenItCloses() throws Exception {
        try (FakeProxy proxy = proxy(100)) {
            proxy.subscribe(FakeCatalog.TYPE);
            proxy.next();
            ads.close();
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        try (FakeProxy late = proxy(1)) {
            assertThat(late.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    private FakeProxy proxy(int window) {
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        return new FakeProxy(channel, null, window);
    }

    private PushStatus type(int stream) {
        List<StreamStatus> streams = ads.streams();
        assertThat(streams).hasSizeGreaterThan(stream);
        assertThat(streams.get(stream).types()).hasSize(1);
        return streams.get(stream).types().getFirst();
    }
}
