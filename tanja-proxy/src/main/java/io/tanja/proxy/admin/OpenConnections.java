package io.tanja.proxy.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of one port, which is open to everybody and must not use up the process' files. When it is full, the one
 * that has kept its request back for longest makes room: whoever asks at once, as the kubelet does, is not shut out by those
 * who never ask. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class OpenConnections {
    private final int most;
    private final Set<Channel> silent = new LinkedHashSet<>();
    private int open;

    OpenConnections(int most) {
        this.most = most;
    }

    /** Whether a new connection may be served; it is left out by itself when it closes. */
    synchronized boolean enter(Channel channel) {
        if (open >= most && !evict()) {
            return false;
        }
        open++;
        silent.add(channel);
        channel.closeFuture().addListener(closed -> leave(channel));
        return true;
    }

    private boolean evict() {
        Iterator<Channel> eldest = silent.iterator();
        if (!eldest.hasNext()) {
            return false;
        }
        Channel channel = eldest.next();
        eldest.remove();
        channel.close();
        return true;
    }

    /** The connection has sent its request. */
    synchronized void asked(Channel channel) {
        silent.remove(channel);
    }

    private synchronized void leave(Channel channel) {
        open--;
        silent.remove(channel);
    }
}
