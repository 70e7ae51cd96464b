package io.tanja.proxy.app;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request to the application, on a connection of its own. One writer: the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class HttpCall extends SimpleChannelInboundHandler<HttpObject> {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final HttpRequest request;
    private final Listener listener;
    private @Nullable Channel channel;
    private @Nullable Future<?> deadline;
    private boolean begun;
    private boolean interim;
    private boolean over;

    /** Told of the answer; the last it is told is either {@link #ended} or {@link #failed}, unless the call is cancelled. */
    interface Listener {
        /** The head of the answer has come. */
        void began(HttpResponse head);

        /** A piece of its body; the caller releases it. */
        void received(ByteBuf piece);

        /** The answer is whole. */
        void ended();

        /** There is no whole answer; one clause says why. */
        void failed(String why);
    }

    HttpCall(HttpRequest request, Listener listener) {
        this.request = request;
        this.listener = listener;
    }

    /** Takes the channel over before it is connected. */
    void on(Channel made, Duration timeout) {
        channel = made;
        deadline = made.eventLoop()
                .schedule(() -> fail("no whole answer in time"), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the call; the listener is told nothing more. */
    void cancel() {
        over = true;
        Future<?> running = deadline;
        if (running != null) {
            running.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
    }

    /** Reads the answer on, or waits. */
    void reading(boolean on) {
        if (channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    void fail(String why) {
        if (!over) {
            cancel();
            listener.failed(why);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(request);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (over) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            fail("its answer is not HTTP");
            return;
        }
        if (message instanceof HttpResponse head) {
            head(head);
        }
        if (!over && message instanceof HttpContent content) {
            content(content);
        }
    }

    private void head(HttpResponse head) {
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (head.status().code() == SWITCHING_PROTOCOLS) {
            fail("it switched protocols without being asked");
        } else if (!interim) {
            begun = true;
            listener.began(head);
        }
    }

    private void content(HttpContent content) {
        if (interim) {
            return;
        }
        if (content.content().isReadable()) {
            listener.received(content.content());
        }
        if (!over && content instanceof LastHttpContent) {
            cancel();
            listener.ended();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(
                begun
                        ? "it ended the connection in the middle of its answer"
                        : "it ended the connection without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(Quote.printable(String.valueOf(cause.getMessage())));
    }
}
