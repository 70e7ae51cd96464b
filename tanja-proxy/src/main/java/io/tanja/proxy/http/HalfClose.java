package io.tanja.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.tanja.proxy.relay.Reset;
import io.tanja.proxy.tls.TlsEnd;

/** Ends one direction of a connection, or both at once in a way that the peer cannot take for an orderly end. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class HalfClose {
    private HalfClose() {}

    /**
     * Tells the peer that nothing more will come; closes where there is no such thing. To be called when all that was
     * written has left: Netty throws the rest away.
     */
    static void output(Channel channel) {
        TlsEnd tls = TlsEnd.of(channel);
        if (tls != null) {
            tls.endOutput();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    /** Resets the connection, so that what was sent cannot pass for a whole message. */
    static void reset(Channel channel) {
        Reset.now(channel);
    }
}
