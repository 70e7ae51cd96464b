package io.tanja.xds.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tanja.model.identity.Quote;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes connections to one target. Safe for use by any thread; everything it makes lives on one event loop. */
public final class GrpcConnector {
    private static final int MAX_HEADER_LIST = 16 << 10;
    private static final long CLOSE_NOTIFY_MILLIS = 500;

    private final EventLoop loop;
    private final ChannelFactory<? extends Channel> sockets;
    private final GrpcTarget target;
    private final @Nullable Supplier<SslContext> tls;
    private final @Nullable SocketAddress source;
    private final HostResolver resolver;
    private final GrpcSettings settings;

    /**
     * Makes a connector to a control plane.
     *
     * @param loop the event loop of all connections
     * @param sockets makes client sockets that fit the loop
     * @param tls asked for each connection, so that new roots take effect; see {@link ControlPlaneTls}
     */
    public GrpcConnector(
            EventLoop loop,
            ChannelFactory<? extends Channel> sockets,
            GrpcTarget target,
            Supplier<SslContext> tls,
            HostResolver resolver,
            GrpcSettings settings) {
        this(loop, sockets, target, tls, null, resolver, settings);
    }

    private GrpcConnector(
            EventLoop loop,
            ChannelFactory<? extends Channel> sockets,
            GrpcTarget target,
            @Nullable Supplier<SslContext> tls,
            @Nullable SocketAddress source,
            HostResolver resolver,
            GrpcSettings settings) {
        this.loop = loop;
        this.sockets = sockets;
        this.target = target;
        this.tls = tls;
        this.source = source;
        this.resolver = resolver;
        this.settings = settings;
    }

    /**
     * Makes a connector without TLS (HTTP/2 with prior knowledge, RFC 9113, section 3.3): for the health of an application
     * inside the own pod. Never for a control plane.
     *
     * @param loop the event loop of all connections
     * @param sockets makes client sockets that fit the loop
     * @param target an address literal, its port, and the authority of the calls
     * @param source where connections come from, or null for any address
     */
    public static GrpcConnector cleartext(
            EventLoop loop,
            ChannelFactory<? extends Channel> sockets,
            GrpcTarget target,
            @Nullable SocketAddress source,
            GrpcSettings settings) {
        return new GrpcConnector(loop, sockets, target, null, source, HostResolver.SYSTEM, settings);
    }

    /** The event loop of all connections. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Where connections go. */
    public GrpcTarget target() {
        return target;
    }

    /**
     * Connects: look-up, TCP, TLS, HTTP/2 settings.
     *
     * @return fails with {@link GrpcException} (UNAVAILABLE) only, within the connect timeout
     */
    public Future<GrpcConnection> connect(ConnectionListener listener) {
        Promise<GrpcConnection> result = loop.newPromise();
        var timeout = loop.schedule(
                () -> fail(
                        result,
                        "no connection within " + settings.connectTimeout().toMillis() + " ms"),
                settings.connectTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
        result.addListener(done -> timeout.cancel(false));
        Thread.ofVirtual().name("resolve " + target.host()).start(() -> {
            try {
                List<InetAddress> addresses = resolver.resolve(target.host());
                loop.execute(() -> tryNext(addresses.iterator(), "no address", listener, result));
            } catch (UnknownHostException | RuntimeException e) {
                fail(result, "cannot look up " + target.host() + ": " + e.getMessage());
            }
        });
        return result;
    }

    private void tryNext(
            Iterator<InetAddress> addresses,
            String lastReason,
            ConnectionListener listener,
            Promise<GrpcConnection> result) {
        if (result.isDone()) {
            return;
        }
        if (!addresses.hasNext()) {
            fail(result, lastReason);
            return;
        }
        @Nullable SslContext context;
        try {
            context = tls == null ? null : tls.get();
        } catch (RuntimeException e) {
            fail(result, "TLS is not configured: " + e.getMessage());
            return;
        }
        Attempt attempt = new Attempt(listener, reason -> tryNext(addresses, reason, listener, result), result);
        new Bootstrap()
                .group(loop)
                .channelFactory(sockets)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .handler(attempt.pipeline(context))
                .connect(new InetSocketAddress(addresses.next(), target.port()), source)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        attempt.failed(String.valueOf(connected.cause().getMessage()));
                    }
                });
    }

    private void fail(Promise<GrpcConnection> result, String reason) {
        result.tryFailure(new GrpcException(GrpcStatus.of(
                GrpcStatus.Code.UNAVAILABLE,
                (tls == null ? "" : "control plane ") + target + ": " + Quote.printable(reason))));
    }

    /** One address that is tried. Runs on the event loop. */
    private final class Attempt implements ConnectionState.Readiness, ConnectionListener {
        private final ConnectionListener listener;
        private final Consumer<String> next;
        private final Promise<GrpcConnection> result;
        private final ConnectionState state = new ConnectionState(settings, this, this);
        private boolean decided;
        private boolean delivered;
        private @Nullable Channel channel;

        Attempt(ConnectionListener listener, Consumer<String> next, Promise<GrpcConnection> result) {
            this.listener = listener;
            this.next = next;
            this.result = result;
        }

        ChannelHandler pipeline(@Nullable SslContext context) {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel made) {
                    channel = made;
                    if (context != null) {
                        made.pipeline().addLast(tlsHandler(context, made));
                    }
                    made.pipeline()
                            // Closing is for connections given up, dead ones too: waiting for their streams would
                            // keep the news from the caller for 30 s.
                            .addLast(Http2FrameCodecBuilder.forClient()
                                    .gracefulShutdownTimeoutMillis(0)
                                    .initialSettings(Http2Settings.defaultSettings()
                                            .pushEnabled(false)
                                            .maxHeaderListSize(MAX_HEADER_LIST)
                                            .initialWindowSize(ConnectionState.WINDOW))
                                    .build())
                            .addLast(new Http2MultiplexHandler(new RefusePush()))
                            .addLast(state);
                    // A connection that comes up after its time is closed instead of handed out.
                    result.addListener(done -> {
                        if (!delivered) {
                            state.close("given up");
                        }
                    });
                }
            };
        }

        private SslHandler tlsHandler(SslContext context, Channel made) {
            SslHandler ssl = context.newHandler(made.alloc(), target.serverName(), target.port());
            ssl.setHandshakeTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            ssl.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_MILLIS, TimeUnit.MILLISECONDS);
            return ssl;
        }

        @Override
        public void ready() {
            decided = true;
            Channel made = Objects.requireNonNull(channel);
            delivered = true;
            String scheme = tls == null ? "http" : "https";
            if (!result.trySuccess(new GrpcConnection(made, target, scheme, settings.maxMessage(), state))) {
                delivered = false;
                state.close("given up");
            }
        }

        @Override
        public void failed(String reason) {
            if (!decided) {
                decided = true;
                next.accept(reason);
            }
        }

        @Override
        public void onGoAway(String reason) {
            if (delivered) {
                listener.onGoAway(reason);
            }
        }

        @Override
        public void onClosed(String reason) {
            if (delivered) {
                listener.onClosed(reason);
            }
        }
    }

    /** A server has no reason to open streams; push is switched off. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to tell
    private static final class RefusePush extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.close();
        }
    }
}
