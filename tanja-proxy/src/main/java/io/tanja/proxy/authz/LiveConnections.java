package io.tanja.proxy.authz;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All captured connections that are open, each with the question whether it may stay. Connections enter themselves on
 * their event loops; any thread may ask.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class LiveConnections {
    private final Map<Channel, Runnable> open = new ConcurrentHashMap<>();

    /**
     * Enters a connection until it closes.
     *
     * @param recheck closes the connection if it may not go on under the policies of the moment; runs on its event loop
     */
    public void add(Channel channel, Runnable recheck) {
        open.put(channel, recheck);
        channel.closeFuture().addListener((ChannelFuture f) -> open.remove(channel));
    }

    /** Asks every connection again; returns at once, the answers follow on the event loops. */
    public void recheck() {
        open.forEach((channel, recheck) -> channel.eventLoop().execute(recheck));
    }

    /** How many connections are open. */
    public int count() {
        return open.size();
    }

    /** Closes all of them. */
    public void closeAll() {
        open.keySet().forEach(Channel::close);
    }
}
