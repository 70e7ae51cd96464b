package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Direction;
import io.tanja.proxy.observe.Observer;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.Connector;
import io.tanja.proxy.upstream.PoolSettings;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamPool;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One proxied connection without sockets or time: bytes go in and come out within the call. */
final class EmbeddedProxy implements AutoCloseable {
    static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("upstream", 80);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    final EmbeddedChannel client = new EmbeddedChannel();
    final List<EmbeddedChannel> upstreams = new ArrayList<>();
    final List<RequestRecord> ended = new ArrayList<>();
    final ArrayDeque<ConnectException> connectFailures = new ArrayDeque<>();
    final List<Upstream> connected = new ArrayList<>();
    final ConnectionRecord connection;
    final UpstreamPool pool;
    final Http1Proxy proxy;
    final @Nullable ServedConnection served;
    long nanos = 1;
    long generation;
    boolean holdConnections;
    private @Nullable Promise<Connector.ConnectedChannel> held;
    private final StringBuilder toClient = new StringBuilder();
    private final StringBuilder toUpstream = new StringBuilder();

    EmbeddedProxy() {
        this(ProxyFixture.to(ADDRESS), HeaderRules.outbound(), Http1Settings.defaults());
    }

    EmbeddedProxy(HttpRoute route, HeaderRules rules, Http1Settings settings) {
        pool = new UpstreamPool(
                client.eventLoop(), this::connect, PoolSettings.defaults(), () -> generation, () -> nanos);
        proxy = new Http1Proxy(pool, new Recorder(), settings, ProxyFixture.CLOCK, () -> nanos, new Random(7));
        Direction direction = rules.outbound ? Direction.OUTBOUND : Direction.INBOUND;
        connection = new ConnectionRecord(1, direction, ADDRESS, 0, 0);
        client.config().setAllocator(allocator);
        served = proxy.serve(client, connection, route, rules, Unpooled.EMPTY_BUFFER);
    }

    private Future<Connector.ConnectedChannel> connect(EventLoop loop, Upstream upstream) {
        connected.add(upstream);
        ConnectException failure = connectFailures.poll();
        if (failure != null) {
            return ImmediateEventExecutor.INSTANCE.newFailedFuture(failure);
        }
        if (holdConnections) {
            held = ImmediateEventExecutor.INSTANCE.newPromise();
            return held;
        }
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(newConnection());
    }

    private Connector.ConnectedChannel newConnection() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        upstreams.add(channel);
        return new Connector.ConnectedChannel(channel, new TransportSecurity.Plaintext(PlaintextReason.INSIDE_POD));
    }

    /** Lets a connection attempt that was held back succeed. */
    void connectNow() {
        if (held != null) {
            held.setSuccess(newConnection());
        }
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nanos += time.toNanos();
        proxy.sweep();
        client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
    }

    /** Somebody decides that no request of this connection is allowed any more. */
    void retire() {
        served().retire(Refusal.POLICY_DENIED, "by a test");
    }

    /** And that the time for those which were is over. */
    void end() {
        served().end(403, "RBAC: access denied", Refusal.POLICY_DENIED, "by a test");
        collect();
    }

    private ServedConnection served() {
        if (served == null) {
            throw new IllegalStateException("the client was closed from the start");
        }
        return served;
    }

    /** The upstream closes its newest connection. */
    void upstreamCloses() {
        upstream().close().syncUninterruptibly();
        client.runPendingTasks();
        collect();
    }

    /** The client ends its direction. */
    void clientEnds() {
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        client.runPendingTasks();
    }

    EmbeddedChannel upstream() {
        return upstreams.getLast();
    }

    /** Bytes from the client; lost if the proxy has closed the connection. */
    void fromClient(String latin) {
        if (client.isActive()) {
            client.writeInbound(buffer(latin));
        }
        collect();
    }

    /** One octet at a time. */
    void fromClientSlowly(String latin) {
        for (int i = 0; i < latin.length(); i++) {
            fromClient(latin.substring(i, i + 1));
        }
    }

    void fromUpstream(String latin) {
        upstream().writeInbound(buffer(latin));
        collect();
    }

    private ByteBuf buffer(String latin) {
        return allocator.buffer(latin.length()).writeBytes(Octets.of(latin));
    }

    /** All that the client got so far. */
    String toClient() {
        collect();
        return toClient.toString();
    }

    /** All that upstreams got so far. */
    String toUpstream() {
        collect();
        return toUpstream.toString();
    }

    private void collect() {
        drain(client, toClient);
        upstreams.forEach(channel -> drain(channel, toUpstream));
    }

    private static void drain(EmbeddedChannel channel, StringBuilder into) {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            into.append(out.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
            out.release();
        }
    }

    /** The only record. */
    RequestRecord record() {
        assertThat(ended).hasSize(1);
        return ended.getFirst();
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
        upstreams.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertThat(proxy.connectionCount()).isZero();
        assertThat(pool.openCount()).isZero();
        assertThat(allocator.metric().usedHeapMemory())
                .as("octets in buffers that were not released")
                .isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private final class Recorder implements Observer {
        @Override
        public void connectionOpened(ConnectionRecord opened) {}

        @Override
        public void requestEnded(RequestRecord request) {
            assertThat(ended).as("each record is told of once").doesNotContain(request);
            ended.add(request);
        }

        @Override
        public void connectionClosed(ConnectionRecord closed) {}
    }
}
