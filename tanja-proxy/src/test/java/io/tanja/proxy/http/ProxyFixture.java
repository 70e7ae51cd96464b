package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
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
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An HTTP proxy on real sockets with one event loop. Closing it fails if a buffer was not released. */
final class ProxyFixture implements AutoCloseable {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T07:08:09Z"));

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final AtomicLong skippedNanos = new AtomicLong();
    final AtomicLong generation = new AtomicLong();
    final List<RequestRecord> ended = new CopyOnWriteArrayList<>();
    final UpstreamPool pool;
    final Http1Proxy proxy;
    final EventLoop loop;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;
    private final CopyOnWriteArrayList<Channel> accepted = new CopyOnWriteArrayList<>();

    /** The two transports behave differently at the end of a direction. */
    enum Transport {
        NIO,
        EPOLL;

        IoHandlerFactory handlers() {
            return this == NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
        }

        Class<? extends ServerSocketChannel> listener() {
            return this == NIO ? NioServerSocketChannel.class : EpollServerSocketChannel.class;
        }

        Class<? extends SocketChannel> socket() {
            return this == NIO ? NioSocketChannel.class : EpollSocketChannel.class;
        }
    }

    ProxyFixture(HttpRoute route) {
        this(Transport.NIO, route);
    }

    ProxyFixture(Transport transport, HttpRoute route) {
        this(transport, route, HeaderRules.outbound(), Http1Settings.defaults());
    }

    ProxyFixture(Transport transport, HttpRoute route, HeaderRules rules, Http1Settings settings) {
        this.transport = transport;
        group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        loop = group.next();
        pool = new UpstreamPool(loop, this::connect, PoolSettings.defaults(), generation::get, this::nanoTime);
        proxy = new Http1Proxy(pool, new Recorder(), settings, CLOCK, this::nanoTime, new Random(7));
        AtomicLong ids = new AtomicLong();
        listener = new ServerBootstrap()
                .group(group)
                .channel(transport.listener())
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(io.netty.channel.ChannelHandlerContext ctx) {
                                ConnectionRecord record = new ConnectionRecord(
                                        ids.incrementAndGet(),
                                        rules.outbound ? Direction.OUTBOUND : Direction.INBOUND,
                                        channel.remoteAddress(),
                                        0,
                                        0);
                                record.destination = channel.localAddress();
                                ctx.pipeline().remove(this);
                                proxy.serve(channel, record, route, rules, Unpooled.EMPTY_BUFFER);
                            }
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** A route that admits everything to one address in plaintext. */
    static HttpRoute to(InetSocketAddress address) {
        Upstream upstream = upstream(address);
        return (head, record, tried) -> new Admission.Forward(upstream);
    }

    static Upstream upstream(InetSocketAddress address) {
        return new Upstream(
                address,
                null,
                new UpstreamSecurity.Plain(PlaintextReason.INSIDE_POD),
                null,
                "outbound|80||web.test.svc.cluster.local");
    }

    private long nanoTime() {
        return System.nanoTime() + skippedNanos.get();
    }

    /** Octets in buffers that live at this moment. */
    long bufferedBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** Lets time pass, as far as deadlines are concerned. */
    void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
        run(proxy::sweep);
    }

    void run(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        // Small, so that a caller that does not read is felt soon.
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(listener.localAddress(), 5_000);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** The only record, once the request has ended. */
    RequestRecord record() {
        return records(1).getFirst();
    }

    List<RequestRecord> records(int count) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> ended.size() >= count);
        assertThat(ended).hasSize(count);
        return ended;
    }

    private Future<Connector.ConnectedChannel> connect(EventLoop where, Upstream upstream) {
        Promise<Connector.ConnectedChannel> promise = where.newPromise();
        new Bootstrap()
                .group(where)
                .channel(transport.socket())
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(upstream.address())
                .addListener((io.netty.channel.ChannelFuture future) -> {
                    if (future.isSuccess()) {
                        promise.setSuccess(new Connector.ConnectedChannel(
                                future.channel(), new TransportSecurity.Plaintext(PlaintextReason.INSIDE_POD)));
                    } else {
                        promise.setFailure(new ConnectException(Refusal.CONNECT_REFUSED, "connection refused"));
                    }
                });
        return promise;
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        accepted.forEach(channel -> channel.close().syncUninterruptibly());
        run(pool::closeIdle);
        await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(proxy.connectionCount()).isZero();
            assertThat(pool.openCount()).isZero();
            assertThat(allocator.metric().usedDirectMemory()).isZero();
            assertThat(allocator.metric().usedHeapMemory()).isZero();
        });
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        // Each record is told of once.
        assertThat(Set.copyOf(ended)).hasSameSizeAs(ended);
    }

    private final class Recorder implements Observer {
        @Override
        public void connectionOpened(ConnectionRecord connection) {}

        @Override
        public void requestEnded(RequestRecord request) {
            ended.add(request);
        }

        @Override
        public void connectionClosed(ConnectionRecord connection) {}
    }
}
