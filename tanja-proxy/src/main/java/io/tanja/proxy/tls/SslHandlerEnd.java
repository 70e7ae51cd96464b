package io.tanja.proxy.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;

/** A TLS end on Netty's {@link SslHandler}. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class SslHandlerEnd implements TlsEnd {
    private final SslHandler handler;
    private final Function<SSLEngine, String> group;

    SslHandlerEnd(SslHandler handler, Duration timeout, Function<SSLEngine, String> group) {
        this.handler = handler;
        this.group = group;
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        // The peer of a closing connection is not waited for: what it sends could go nowhere.
        handler.setCloseNotifyReadTimeoutMillis(0);
    }

    @Override
    public Future<Session> install(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        channel.attr(KEY).set(this);
        Promise<Session> done = channel.eventLoop().newPromise();
        pipeline.addLast(handler, new EndOfInput());
        handler.handshakeFuture().addListener((Future<Channel> f) -> {
            if (f.isSuccess()) {
                var session = handler.engine().getSession();
                done.trySuccess(new Session(
                        session.getProtocol(),
                        session.getCipherSuite(),
                        group.apply(handler.engine()),
                        handler.applicationProtocol()));
            } else {
                done.tryFailure(f.cause());
            }
        });
        return done;
    }

    @Override
    public void endOutput() {
        // An empty write is done when all writes before it are; only then is the engine's outbound side closed.
        Channel channel = handler.handshakeFuture().getNow();
        if (channel != null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> handler.closeOutbound());
        }
    }

    /** Translates the end of TLS data to the event that stands for the end of data everywhere else. */
    private static final class EndOfInput extends ChannelInboundHandlerAdapter {
        private boolean ended;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                if (!ended) {
                    // FIN without close_notify: the data may be cut off, which nobody must take for its end.
                    ctx.fireExceptionCaught(new TruncatedException());
                    ctx.close();
                }
            } else if (event == SslCloseCompletionEvent.SUCCESS) {
                ended = true;
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }
    }
}
