package io.tanja.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.detect.DetectHandler;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.HoldHandler;
import io.tanja.proxy.detect.Question;
import io.tanja.proxy.http.HeaderRules;
import io.tanja.proxy.http.HttpRoute;
import io.tanja.proxy.http.ServedConnection;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.relay.Relay;
import io.tanja.proxy.relay.Reset;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.Connector.ConnectedChannel;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What both directions have in common. Somebody always stands at the end of the pipeline to take what comes: a peer that
 * closes is read to its end even where reading is off. One writer: the connection's event loop.
 */
abstract class CapturedConnection {
    final DataPath path;
    final Channel channel;
    final ConnectionRecord record;
    final InetSocketAddress destination;
    private boolean told;

    CapturedConnection(DataPath path, Channel channel, ConnectionRecord record, InetSocketAddress destination) {
        this.path = path;
        this.channel = channel;
        this.record = record;
        this.destination = destination;
    }

    /** Holds back all that comes. */
    final HoldHandler hold() {
        HoldHandler hold = new HoldHandler();
        channel.pipeline().addLast(hold);
        return hold;
    }

    /** Reads until the question is answered; what was read is held back. */
    final void detect(Question question, BiConsumer<Detected, HoldHandler> answer) {
        DetectHandler detect = new DetectHandler(question, path.timeouts(), answer);
        channel.pipeline().addLast(detect);
        channel.config().setAutoRead(true);
    }

    /** Closes by RST, with nothing forwarded, and tells why. */
    final void refuse(Refusal refusal, String detail) {
        record.refuse(refusal, detail);
        tellFate();
        Reset.now(channel);
    }

    /** Refuses because no upstream could be had. */
    final void refuse(@Nullable Throwable cause) {
        if (cause instanceof ConnectException failure) {
            refuse(failure.refusal(), failure.detail());
        } else {
            refuse(Refusal.CONNECT_FAILED, String.valueOf(cause));
        }
    }

    /** Tells the observer, once, that the fate is decided. */
    final void tellFate() {
        if (!told) {
            told = true;
            path.observer().connectionOpened(record);
        }
    }

    /** Serves requests from here on; null if the connection has closed. */
    final @Nullable ServedConnection serve(HttpRoute route, HeaderRules rules, HoldHandler hold) {
        tellFate();
        ServedConnection served =
                path.http(channel.eventLoop()).serve(channel, record, route, rules, Unpooled.EMPTY_BUFFER);
        hold.proceed();
        return served;
    }

    /** Joins the caller with an upstream that has just connected, and lets go of what was held back. */
    final void relay(Upstream upstream, ConnectedChannel connected, HoldHandler hold) {
        Channel to = connected.channel();
        if (!channel.isActive()) {
            Reset.now(to);
            return;
        }
        record.upstream = connected.security();
        record.upstreamAddress = upstream.address();
        record.upstreamLocal = (InetSocketAddress) to.localAddress();
        tellFate();
        Relay.join(channel, to, record, path.settings().idle());
        hold.proceed();
    }
}
