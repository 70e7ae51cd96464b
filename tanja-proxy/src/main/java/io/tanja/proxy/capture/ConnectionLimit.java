package io.tanja.proxy.capture;

import org.jspecify.annotations.Nullable;

/**
 * How much may be open at one time, so that the process never runs out of files. A captured connection has one socket, and
 * another one while it is joined to its upstream. An eighth is kept for the application's own calls and for upstreams:
 * whoever floods the pod from outside cuts off neither.
 *
 * @param connections captured connections of both directions, at least 1
 * @param sockets sockets of the data path, upstreams and listeners among them, at least 1
 */
public record ConnectionLimit(int connections, int sockets) {
    private static final int OWN_SHARE = 8;

    /** @throws IllegalArgumentException if a number is not positive */
    public ConnectionLimit {
        if (connections < 1 || sockets < 1) {
            throw new IllegalArgumentException(
                    "limits must be at least 1: connections " + connections + ", sockets " + sockets);
        }
    }

    /** Why no connection from outside can be accepted while so many are open, or null if one can. */
    public @Nullable String refusesInbound(int openConnections, int openSockets) {
        return refuses(openConnections, part(connections), openSockets, part(sockets));
    }

    /** Why no connection of the application can be accepted while so many are open, or null if one can. */
    public @Nullable String refusesOutbound(int openConnections, int openSockets) {
        return refuses(openConnections, connections, openSockets, part(sockets));
    }

    /** Why no upstream can be connected to while so many sockets are open, or null if one can. */
    public @Nullable String refusesUpstream(int openSockets) {
        return refuses(0, connections, openSockets, sockets);
    }

    private static int part(int whole) {
        return whole - whole / OWN_SHARE;
    }

    private @Nullable String refuses(int openConnections, int mostConnections, int openSockets, int mostSockets) {
        if (openConnections >= mostConnections) {
            return openConnections + " captured connections are open; --max-connections is " + connections;
        }
        if (openSockets >= mostSockets) {
            return openSockets + " sockets are open; the limit of open files leaves " + sockets
                    + " for them (raise ulimit -n)";
        }
        return null;
    }
}
