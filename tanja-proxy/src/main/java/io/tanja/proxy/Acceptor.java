package io.tanja.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.capture.ConnectionLimit;
import io.tanja.proxy.capture.LoopGuard;
import io.tanja.proxy.capture.OriginalDestination;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Direction;
import io.tanja.proxy.relay.Reset;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The first step of both directions: a record, the limit, and the original destination. */
record Acceptor(
        DataPath path,
        OriginalDestination originalDestination,
        LoopGuard loopGuard,
        ConnectionLimit limit,
        IntSupplier sockets) {
    void inbound(Channel channel) {
        ConnectionRecord record = begin(channel, Direction.INBOUND);
        if (isRefused(channel, record, limit.refusesInbound(path.live().count(), sockets.getAsInt()))) {
            return;
        }
        InetSocketAddress destination = destination(channel, record);
        if (destination != null) {
            new InboundConnection(path, channel, record, destination).start();
        }
    }

    void outbound(Channel channel) {
        ConnectionRecord record = begin(channel, Direction.OUTBOUND);
        if (isRefused(channel, record, limit.refusesOutbound(path.live().count(), sockets.getAsInt()))) {
            return;
        }
        InetSocketAddress destination = destination(channel, record);
        if (destination != null) {
            new OutboundConnection(path, channel, record, destination).start();
        }
    }

    private ConnectionRecord begin(Channel channel, Direction direction) {
        ConnectionRecord record = path.newRecord(direction, (InetSocketAddress) channel.remoteAddress());
        channel.closeFuture().addListener((ChannelFuture f) -> path.observer().connectionClosed(record));
        return record;
    }

    private boolean isRefused(Channel channel, ConnectionRecord record, @Nullable String why) {
        if (why == null) {
            return false;
        }
        refuse(channel, record, Refusal.LIMIT_REACHED, why);
        return true;
    }

    private @Nullable InetSocketAddress destination(Channel channel, ConnectionRecord record) {
        InetSocketAddress destination = originalDestination.of(channel);
        if (destination == null) {
            refuse(channel, record, Refusal.NO_ORIGINAL_DESTINATION, "nothing redirected this connection");
            return null;
        }
        record.destination = destination;
        if (loopGuard.loops(destination, (InetSocketAddress) channel.localAddress())) {
            String text = destination.getAddress().getHostAddress() + ":" + destination.getPort();
            refuse(channel, record, Refusal.LOOP, text + " is a capture port of this proxy");
            return null;
        }
        return destination;
    }

    private void refuse(Channel channel, ConnectionRecord record, Refusal refusal, String detail) {
        record.refuse(refusal, detail);
        path.observer().connectionOpened(record);
        Reset.now(channel);
    }
}
