package io.tanja.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** Makes connections to upstreams. */
public interface Connector {
    /**
     * Connects and, for mesh TLS, finishes the handshake and verifies the peer. The channel runs on {@code loop}, has
     * auto-read off, and its pipeline holds only the TLS handler, if any; the caller adds its own and turns reading on.
     * How it is protected is in {@link ConnectedChannel}. A failure is always a {@link ConnectException} with its reason.
     */
    Future<ConnectedChannel> connect(EventLoop loop, Upstream upstream);

    /**
     * A connection that is ready for use.
     *
     * @param channel the channel
     * @param security how it is protected
     */
    record ConnectedChannel(Channel channel, io.tanja.model.security.TransportSecurity security) {}
}
