package io.tanja.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * This proxy's end of one TLS connection. Used on the channel's event loop only.
 *
 * <p>Behind it, the end of the peer's data ({@code close_notify}) appears as
 * {@link io.netty.channel.socket.ChannelInputShutdownEvent}, just as a FIN does without TLS; a FIN without
 * {@code close_notify} is a truncation and closes the channel (RFC 8446 section 6.1).
 */
public interface TlsEnd {
    /** Where a channel's TLS end is found; absent on a channel without TLS. */
    AttributeKey<TlsEnd> KEY = AttributeKey.valueOf(TlsEnd.class, "end");

    /**
     * Puts the TLS handlers at the end of the pipeline; a client's handshake starts at once.
     *
     * @return succeeds when the handshake is over; fails with a cause that {@link TlsFailure#of} can name
     */
    Future<Session> install(ChannelPipeline pipeline);

    /** Sends {@code close_notify} behind all that was written; the peer may go on sending. */
    void endOutput();

    /**
     * What a handshake agreed on.
     *
     * @param version such as {@code TLSv1.3}
     * @param cipher the suite
     * @param group the key exchange group, {@code "?"} where the provider does not tell
     * @param alpn the protocol that was selected, or null
     */
    record Session(
            String version,
            String cipher,
            String group,
            @Nullable String alpn) {}

    /** The TLS end of a channel, or null if it has none. */
    static @Nullable TlsEnd of(Channel channel) {
        return channel.attr(KEY).get();
    }
}
