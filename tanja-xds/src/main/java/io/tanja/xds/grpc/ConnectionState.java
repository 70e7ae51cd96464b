package io.tanja.xds.grpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.tanja.model.identity.Quote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Last handler of a connection: sees the handshake, the peer's settings, GOAWAY and the end, and keeps the connection
 * alive. Runs on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of writing and closing is seen as channelInactive
final class ConnectionState extends ChannelInboundHandlerAdapter {
    /** Enough for 20 MiB to arrive without waiting at every 64 KiB. */
    static final int WINDOW = 1 << 20;

    private final GrpcSettings settings;
    private final ConnectionListener listener;
    private final Readiness readiness;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable String closeReason;
    private boolean ready;
    private boolean draining;
    private boolean closed;
    private boolean heard;
    private long pings;

    /** Told once whether the connection came up. */
    interface Readiness {
        void ready();

        void failed(String reason);
    }

    ConnectionState(GrpcSettings settings, ConnectionListener listener, Readiness readiness) {
        this.settings = settings;
        this.listener = listener;
        this.readiness = readiness;
    }

    boolean draining() {
        return draining;
    }

    void close(String reason) {
        if (closeReason == null) {
            closeReason = reason;
        }
        draining = true;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                close("TLS handshake failed: "
                        + Quote.printable(String.valueOf(handshake.cause().getMessage())));
            } else {
                String protocol = context.pipeline().get(SslHandler.class).applicationProtocol();
                if (!ApplicationProtocolNames.HTTP_2.equals(protocol)) {
                    close("the server does not speak HTTP/2 (ALPN " + protocol + ")");
                }
            }
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) throws Http2Exception {
        try {
            switch (frame) {
                case Http2SettingsFrame ignored -> settings(context);
                case Http2GoAwayFrame goAway -> goAway(goAway);
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void settings(ChannelHandlerContext context) throws Http2Exception {
        if (ready || closeReason != null) {
            return;
        }
        ready = true;
        Http2Connection connection =
                context.pipeline().get(Http2FrameCodec.class).connection();
        connection
                .local()
                .flowController()
                .incrementWindowSize(connection.connectionStream(), WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        context.flush();
        readiness.ready();
        later(settings.keepAliveInterval(), this::ask);
    }

    private void goAway(Http2GoAwayFrame frame) {
        draining = true;
        String debug = Quote.printable(frame.content().toString(StandardCharsets.UTF_8));
        listener.onGoAway("the server takes no new calls (HTTP/2 error " + frame.errorCode()
                + (debug.isEmpty() ? ")" : ", \"" + debug + "\")"));
    }

    private void ask() {
        if (ctx == null || closed) {
            return;
        }
        heard = false;
        ctx.writeAndFlush(new DefaultHttp2PingFrame(++pings));
        later(settings.keepAliveTimeout(), this::check);
    }

    private void check() {
        if (closed) {
            return;
        }
        if (!heard) {
            close("no sign of life for " + settings.keepAliveTimeout().toMillis() + " ms after a ping");
            return;
        }
        Duration rest = settings.keepAliveInterval().minus(settings.keepAliveTimeout());
        later(rest.isNegative() ? Duration.ZERO : rest, this::ask);
    }

    private void later(Duration delay, Runnable task) {
        if (ctx != null) {
            // The task holds no reference that outlives the connection by more than the delay.
            var scheduled = ctx.executor().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            ctx.channel().closeFuture().addListener(gone -> scheduled.cancel(false));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        heard = true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (closed) {
            return;
        }
        closed = true;
        draining = true;
        String reason = closeReason == null ? "the server closed the connection" : closeReason;
        if (!ready) {
            readiness.failed(reason);
        }
        listener.onClosed(reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close("connection broken: " + Quote.printable(String.valueOf(cause.getMessage())));
    }
}
