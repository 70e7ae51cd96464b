package io.tanja.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Ends a connection by RST: the other side must not take what it has for all there was. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class Reset {
    private Reset() {}

    /** Closes at once, without TLS's or TCP's farewell. */
    public static void now(Channel channel) {
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null) {
            // From the first handler outwards: a TLS handler would write close_notify and wait.
            first.close();
        } else {
            channel.close();
        }
    }
}
