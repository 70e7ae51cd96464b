package io.tanja.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.tanja.proxy.tls.TlsEnd;

/** Ends one direction of a connection, or both at once in a way that the peer cannot take for an orderly end. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class HalfClose {
    private HalfClose() {}

    /** Tells the peer that nothing more will come, after all that was written; closes where there is no such thing. */
    static void output(Channel channel) {
        TlsEnd tls = TlsEnd.of(channel);
        if (tls != null) {
            tls.endOutput();
        } else if (channel instanceof DuplexChannel duplex) {
            // Netty's shutdownOutput throws away what has not left yet, so it has to wait for that.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (written.isSuccess()) {
                    duplex.shutdownOutput();
                }
            });
        } else {
            channel.close();
        }
    }

    /** Resets the connection, so that what was sent cannot pass for a whole message. */
    static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.unsafe().voidPromise());
    }
}
