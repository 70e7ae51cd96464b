package io.tanja.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.authz.LiveConnections;
import io.tanja.proxy.capture.LoopGuard;
import io.tanja.proxy.capture.OriginalDestination;
import io.tanja.proxy.capture.SteadyEpoll;
import io.tanja.proxy.config.MeshView;
import io.tanja.proxy.http.Http1Proxy;
import io.tanja.proxy.identity.IdentitySource;
import io.tanja.proxy.observe.Observer;
import io.tanja.proxy.route.RoundRobin;
import io.tanja.proxy.tls.IdentityTls;
import io.tanja.proxy.tls.MeshPeers;
import io.tanja.proxy.tls.TlsProvider;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.Connector;
import io.tanja.proxy.upstream.NettyConnector;
import io.tanja.proxy.upstream.UpstreamPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The data path, wired: two capture ports, and behind them every step from first byte to upstream. Started and stopped
 * by one thread.
 */
public final class ProxyServer implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final ProxySettings settings;
    private final MeshView view;
    private final IdentityTls tls;
    private final Observer observer;
    private final OriginalDestination originalDestination;
    private final InstantSource time;
    private final RandomGenerator random;
    private final LiveConnections live = new LiveConnections();
    private final SteadyEpoll.Factory epoll = new SteadyEpoll.Factory();
    private final EventLoopGroup loops;
    private final Map<EventExecutor, Http1Proxy> http = new HashMap<>();
    private @Nullable Channel inbound;
    private @Nullable Channel outbound;

    /**
     * Wires a proxy; nothing listens before {@link #start}.
     *
     * @param random for balancing; safe for use by several threads
     */
    public ProxyServer(
            ProxySettings settings,
            TlsProvider provider,
            MeshView view,
            IdentitySource identities,
            Observer observer,
            OriginalDestination originalDestination,
            InstantSource time,
            RandomGenerator random) {
        this.settings = settings;
        this.view = view;
        this.tls = new IdentityTls(provider, identities, time);
        this.observer = observer;
        this.originalDestination = originalDestination;
        this.time = time;
        this.random = random;
        this.loops = new MultiThreadIoEventLoopGroup(settings.eventLoops(), epoll);
    }

    /**
     * Opens both capture ports. The mesh view must have its first configuration.
     *
     * @throws IOException if a port cannot be had; the message names it
     */
    public void start() throws IOException {
        MeshPeers judge = new MeshPeers(view, time);
        Connector connector = limited(new NettyConnector(tls, judge, settings.connect(), settings.mark()));
        for (EventExecutor executor : loops) {
            UpstreamPool pool = new UpstreamPool(
                    (EventLoop) executor, connector, settings.pool(), tls::generation, System::nanoTime);
            http.put(executor, new Http1Proxy(pool, observer, settings.http(), time, System::nanoTime, random));
        }
        DataPath path = new DataPath(
                settings,
                view,
                tls,
                judge,
                connector,
                new RoundRobin(random),
                observer,
                live,
                Map.copyOf(http),
                time,
                new AtomicLong());
        LoopGuard guard = new LoopGuard(settings.inboundPort(), settings.outboundPort());
        Acceptor acceptor = new Acceptor(path, originalDestination, guard, settings.limit(), epoll::sockets);
        try {
            inbound = listen(settings.inboundPort(), acceptor::inbound);
            outbound = listen(settings.outboundPort(), acceptor::outbound);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Connector limited(Connector connector) {
        return (loop, upstream) -> {
            String full = settings.limit().refusesUpstream(epoll.sockets());
            return full == null
                    ? connector.connect(loop, upstream)
                    : loop.newFailedFuture(new ConnectException(Refusal.LIMIT_REACHED, full));
        };
    }

    private Channel listen(int port, Consumer<Channel> accept) throws IOException {
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, settings.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept.accept(channel);
                    }
                })
                .bind(settings.bindAddress(), port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.bindAddress() + " port " + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** The event loops, for the other servers of the process. */
    public EventLoopGroup loops() {
        return loops;
    }

    /** Where inbound connections are accepted. */
    public InetSocketAddress inboundAddress() {
        return address(inbound);
    }

    /** Where outbound connections are accepted. */
    public InetSocketAddress outboundAddress() {
        return address(outbound);
    }

    private static InetSocketAddress address(@Nullable Channel listener) {
        if (listener == null) {
            throw new IllegalStateException("not started");
        }
        return (InetSocketAddress) listener.localAddress();
    }

    /** How many captured connections are open. */
    public int connections() {
        return live.count();
    }

    /** To be called when the mesh view has changed: connections that are no longer allowed are closed. */
    public void meshChanged() {
        live.recheck();
    }

    /**
     * Stops accepting inbound connections, waits for the open ones to end, then closes those that are left. Outbound
     * connections are taken meanwhile: the application may need them to end well.
     *
     * @param patience how long to wait
     */
    public void drain(Duration patience) throws InterruptedException {
        if (inbound != null) {
            inbound.close().awaitUninterruptibly();
        }
        http.forEach((loop, proxy) -> loop.execute(proxy::drain));
        long deadline = System.nanoTime() + patience.toNanos();
        while (live.count() > 0 && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        }
        close();
    }

    private void stopAccepting() {
        if (inbound != null) {
            inbound.close().awaitUninterruptibly();
        }
        if (outbound != null) {
            outbound.close().awaitUninterruptibly();
        }
    }

    @Override
    public void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        stopAccepting();
        // Those that can be told the end of the connection are told; upstreams go with their callers or by force.
        live.closeAll();
        epoll.closeSockets();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        tls.close();
    }
}
