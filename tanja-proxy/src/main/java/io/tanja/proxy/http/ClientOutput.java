package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.tanja.proxy.observe.ConnectionRecord;

/** What is written to a caller, and the three ways in which that ends. One writer: the channel's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class ClientOutput {
    private final Channel channel;
    private final ConnectionRecord record;
    private boolean dirty;
    private boolean over;

    ClientOutput(Channel channel, ConnectionRecord record) {
        this.channel = channel;
        this.record = record;
    }

    /** Writes bytes without flushing them; takes them over. */
    void write(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        record.bytesSent += bytes.readableBytes();
        dirty = true;
        channel.write(bytes, channel.voidPromise());
    }

    /** Writes what lies on the workbench. */
    void write(HeadWriter head) {
        ByteBuf out = channel.alloc().buffer(head.length());
        head.copyTo(out);
        write(out);
    }

    /** Flushes if anything was written since. */
    void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    /** Closes once all that was written has left. */
    void close() {
        over = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Tells the caller that nothing more comes, once all that was written has left, and then runs {@code after}. */
    void end(Runnable after) {
        over = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                HalfClose.output(channel);
                after.run();
            }
        });
    }

    /** Resets the connection, so that what was sent cannot pass for a whole message. */
    void reset() {
        over = true;
        HalfClose.reset(channel);
    }
}
