package io.tanja.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The answer to one request: {@link #send} once, or {@link #begin}, any number of {@link #write}, and {@link #end}. The
 * connection is closed behind it. One writer: the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class Reply {
    private static final int TAKE_SECONDS = 10;
    private static final int NO_CONTENT = 204;
    private static final byte[] NOTHING = {};

    private final Channel channel;
    private final boolean withBody;
    private Runnable drained = () -> {};

    Reply(Channel channel, boolean withBody) {
        this.channel = channel;
        this.withBody = withBody;
    }

    /** Answers at once. */
    public void send(Page.Answer answer) {
        boolean none = answer.status() == NO_CONTENT;
        String length = none ? "" : "content-length: " + answer.body().length + "\r\n";
        ByteBuf out = Unpooled.wrappedBuffer(
                head(answer.status(), answer.contentType(), length), withBody && !none ? answer.body() : NOTHING);
        channel.write(out);
        end();
    }

    /** Begins an answer whose length is not known: it ends with the connection. */
    public void begin(int status, String contentType) {
        channel.write(Unpooled.wrappedBuffer(head(status, contentType, "")));
    }

    /** A piece of the body; taken over. */
    public void write(ByteBuf bytes) {
        if (withBody) {
            channel.writeAndFlush(bytes);
        } else {
            bytes.release();
        }
    }

    /** The answer is whole. */
    public void end() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        // Who asks and does not take the answer is not waited for.
        channel.eventLoop().schedule(() -> channel.close(), TAKE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends without the rest of the answer: the asker sees a reset and not a short answer. */
    public void abort() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /** The port that the request came to. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Whether more can be written without filling memory. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** What to do whenever more can be written again. */
    public void onWritable(Runnable action) {
        drained = action;
    }

    /** What to do when the connection is closed, before or after the answer. */
    public void onClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    void writable() {
        drained.run();
    }

    private static byte[] head(int status, String contentType, String length) {
        return ("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\ncontent-type: " + contentType + "\r\n" + length
                        + "cache-control: no-store\r\nconnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
