package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tanja.model.identity.Quote;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.PooledConnection;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a caller. Its requests are dealt with strictly one after another: while one is in progress nothing
 * of the next is looked at, and no more than one read's worth of it is kept. One writer: the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class ClientConnection extends ChannelInboundHandlerAdapter {
    /** Up to here the rest of a refused request is read, so that the connection can go on. */
    private static final int SMALL_REST = 64 * 1024;

    private enum Stage {
        /** Waiting for a head, or for the rest of it. */
        HEAD,
        /** A body is on its way to the upstream. */
        BODY,
        /** The request is whole; its answer is not. */
        ANSWER,
        /** The request was answered before it was whole; its rest is thrown away. */
        DISCARD,
        /** The last answer was given; what still comes is thrown away until the caller closes. */
        LINGER,
        TUNNEL,
        CLOSED
    }

    final HttpRoute route;
    final HeaderRules rules;
    private final Http1Proxy proxy;
    private final Channel channel;
    private final ConnectionRecord connection;
    private final HeadReader reader;
    private final MessageBody body;
    private final Exchange exchange;
    private final ClientOutput output;
    private Stage stage = Stage.HEAD;
    private @Nullable RequestRecord request;
    private boolean headBegun;
    private boolean blankSkipped;
    private long headMillis;
    private long headNanos;
    private boolean wantsMore;
    private boolean expects;
    private boolean answered;
    private boolean inputEnded;
    private boolean upstreamEnded;
    private boolean timed;
    private long deadlineNanos;
    private long tunnelBytes;

    ClientConnection(
            Http1Proxy proxy, Channel channel, ConnectionRecord connection, HttpRoute route, HeaderRules rules) {
        this.proxy = proxy;
        this.channel = channel;
        this.connection = connection;
        this.route = route;
        this.rules = rules;
        reader = new HeadReader(proxy.settings.maxHeadBytes());
        body = new MessageBody(proxy.settings.maxTrailerBytes());
        exchange = new Exchange(this, proxy);
        output = new ClientOutput(channel, connection);
    }

    void start(ByteBuf alreadyRead) {
        channel.config().setWriteBufferWaterMark(PooledConnection.WATER_MARK);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        body.begin(0);
        idle();
        connection.bytesReceived += alreadyRead.readableBytes();
        if (alreadyRead.isReadable()) {
            reader.add(channel.alloc(), alreadyRead);
        } else {
            alreadyRead.release();
        }
        advance();
    }

    // ---- what happens on the channel ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        connection.bytesReceived += bytes.readableBytes();
        switch (stage) {
            case LINGER, CLOSED -> bytes.release();
            case TUNNEL -> tunnel(bytes);
            case BODY -> {
                if (exchange.connected()) {
                    relayBody(bytes);
                } else {
                    reader.add(channel.alloc(), bytes);
                }
            }
            case HEAD, ANSWER, DISCARD -> reader.add(channel.alloc(), bytes);
        }
        process();
        updateReading();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        exchange.readUpstream(channel.isWritable());
        if (channel.isWritable()) {
            // A caller that takes its answers again gets the next one.
            advance();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
            inputEnded = true;
            inputEnded();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        RequestRecord current = request;
        if (current != null) {
            current.refuse(Refusal.DOWNSTREAM_CLOSED, Quote.printable(String.valueOf(cause.getMessage())));
        }
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stage = Stage.CLOSED;
        reader.release();
        proxy.closed(this);
        RequestRecord current = request;
        if (current != null) {
            current.refuse(
                    Refusal.DOWNSTREAM_CLOSED,
                    body.ended() ? "before the answer was whole" : "before the request was whole");
        }
        long sent = answered ? exchange.responseBytes() : 0;
        exchange.drop();
        endRequest(sent);
    }

    private void inputEnded() {
        switch (stage) {
            case HEAD, DISCARD, LINGER -> leave();
            case BODY -> abort(Refusal.DOWNSTREAM_CLOSED, "before the request was whole", false);
            case ANSWER, CLOSED -> {}
            case TUNNEL -> {
                if (upstreamEnded) {
                    tunnelClosed(false);
                } else {
                    exchange.endOutput();
                }
            }
        }
    }

    // ---- requests ----

    /** Goes on with whatever is possible now. Every entry that is not a read of this channel ends with it. */
    void advance() {
        process();
        updateReading();
        flush();
    }

    private void process() {
        do {
            if (stage == Stage.BODY && exchange.connected()) {
                ByteBuf rest = reader.takeAll();
                if (rest != null) {
                    relayBody(rest);
                }
            }
            if (stage == Stage.DISCARD) {
                discard();
            }
        } while (stage == Stage.HEAD && readHead());
        if (stage == Stage.HEAD && inputEnded && channel.isWritable()) {
            leave();
        }
    }

    /** Whether a request was begun, answered or refused, so that there may be more to do. */
    private boolean readHead() {
        if (!skipBlankLine() || reader.readableBytes() == 0 || !channel.isWritable()) {
            return false;
        }
        if (!headBegun) {
            headBegun = true;
            headMillis = proxy.clock.millis();
            headNanos = proxy.nanoTime.getAsLong();
            deadline(proxy.settings.headTimeout());
        }
        int length = reader.find(proxy.bench.head);
        if (length == HeadReader.INCOMPLETE) {
            return false;
        }
        RequestRecord current = beginRecord();
        if (length == HeadReader.MALFORMED) {
            refuse(reader.defect());
            return true;
        }
        ParsedRequest parsed = proxy.bench.request;
        Defect defect = parsed.parse(proxy.bench.head, 0, length);
        parsed.describe(current, defect == null);
        if (defect == null) {
            begin(current, parsed, length);
        } else {
            refuse(defect);
        }
        return true;
    }

    private RequestRecord beginRecord() {
        RequestRecord current = new RequestRecord(connection, headMillis, headNanos);
        request = current;
        connection.requests++;
        timed = false;
        headBegun = false;
        blankSkipped = false;
        wantsMore = false;
        expects = false;
        answered = false;
        tunnelBytes = 0;
        body.begin(0);
        exchange.forget();
        return current;
    }

    /** One empty line before a request is forgiven (RFC 9112, section 2.2); false if it may be half there. */
    private boolean skipBlankLine() {
        ByteBuf bytes = reader.pending();
        if (blankSkipped || headBegun || bytes == null || bytes.getByte(bytes.readerIndex()) != '\r') {
            return true;
        }
        if (bytes.readableBytes() == 1) {
            return false;
        }
        if (bytes.getByte(bytes.readerIndex() + 1) == '\n') {
            reader.skip(2);
            blankSkipped = true;
        }
        return true;
    }

    private void begin(RequestRecord current, ParsedRequest parsed, int headLength) {
        wantsMore = parsed.keepAlive();
        expects = parsed.expectsContinue();
        exchange.http10 = parsed.http10();
        exchange.head = parsed.isHead();
        body.begin(parsed.bodyLength());
        int taken = reader.takeBody(body, headLength);
        if (taken < 0) {
            refuse(body.defect());
            return;
        }
        ServedHere.Refused refused = ServedHere.judge(parsed, proxy.settings, ownHost() != null);
        if (refused != null) {
            answer(refused.status(), "", Refusal.PROTOCOL_ERROR, refused.why(), true);
            return;
        }
        if (current.requestId == null) {
            current.requestId = RequestId.random(proxy.random);
        }
        ByteBuf firstBytes = reader.take(headLength + taken);
        stage = body.ended() ? Stage.ANSWER : Stage.BODY;
        exchange.begin(current, parsed, firstBytes, headLength, ServedHere.upgrades(parsed));
    }

    private void relayBody(ByteBuf bytes) {
        int taken = body.take(bytes, null);
        if (taken < 0) {
            bytes.release();
            refuse(body.defect());
            return;
        }
        if (taken < bytes.readableBytes()) {
            exchange.body(bytes.readRetainedSlice(taken));
            reader.add(channel.alloc(), bytes);
        } else {
            exchange.body(bytes);
        }
        if (body.ended() && stage == Stage.BODY) {
            stage = Stage.ANSWER;
        }
    }

    private void discard() {
        int taken = reader.takeBody(body, 0);
        if (taken < 0) {
            linger();
            return;
        }
        reader.skip(taken);
        if (body.ended()) {
            idle();
        }
    }

    private void idle() {
        stage = Stage.HEAD;
        deadline(proxy.settings.idleTimeout());
    }

    // ---- answers ----

    private void refuse(Defect defect) {
        if (answered) {
            abort(Refusal.PROTOCOL_ERROR, "in the request: " + defect.meaning(), true);
            return;
        }
        int status = switch (defect) {
            case LINE_TOO_LARGE -> 414;
            case HEAD_TOO_LARGE, TOO_MANY_FIELDS -> 431;
            default -> 400;
        };
        answer(status, defect.meaning(), Refusal.PROTOCOL_ERROR, defect.meaning(), true);
    }

    /**
     * Answers the request here, in place of an upstream that has not answered yet.
     *
     * @param last whether the connection must not go on
     */
    void answer(int status, String text, Refusal refusal, String detail, boolean last) {
        RequestRecord current = request;
        if (current == null || stage == Stage.CLOSED) {
            return;
        }
        current.refuse(refusal, detail);
        current.status = status;
        exchange.drop();
        boolean rest = !body.ended();
        boolean small = rest && !expects && body.remainsAtMost(SMALL_REST);
        boolean close = last || !keepAlive() || rest && !small;
        int sent = LocalReply.write(
                proxy.bench,
                rules,
                status,
                text,
                HeadEditor.Persistence.of(close, exchange.http10),
                !exchange.head,
                exchange.tellsOperation);
        output.write(proxy.bench.writer);
        endRequest(sent);
        if (close) {
            linger();
        } else if (rest) {
            stage = Stage.DISCARD;
            deadline(proxy.settings.headTimeout());
        } else {
            idle();
        }
    }

    /** The head of a response is about to be written. */
    void responseBegins(int status, long upstreamMillis) {
        answered = true;
        RequestRecord current = request;
        if (current != null) {
            current.status = status;
            current.upstreamMillis = upstreamMillis;
        }
    }

    /** The response is written. */
    void exchangeEnded(boolean close) {
        endRequest(exchange.responseBytes());
        if (close) {
            linger();
        } else {
            idle();
        }
    }

    /**
     * Ends the connection in the middle of something.
     *
     * @param reset whether the caller could take an orderly end for the end of the response
     */
    void abort(Refusal refusal, String detail, boolean reset) {
        RequestRecord current = request;
        if (current != null) {
            current.refuse(refusal, detail);
        }
        boolean begun = answered;
        long sent = begun ? exchange.responseBytes() : 0;
        exchange.drop();
        endRequest(sent);
        output.flush();
        if (reset && begun) {
            stage = Stage.CLOSED;
            output.reset();
        } else {
            leave();
        }
    }

    private void endRequest(long sent) {
        RequestRecord current = request;
        if (current != null) {
            request = null;
            current.bytesReceived = body.contentBytes() + tunnelBytes;
            current.bytesSent = sent;
            current.durationNanos = proxy.nanoTime.getAsLong() - current.startNanos;
            proxy.observer.requestEnded(current);
        }
    }

    /** Lets the last answer reach the caller: closing with unread bytes would reset the connection under it. */
    private void linger() {
        if (inputEnded) {
            leave();
            return;
        }
        reader.release();
        stage = Stage.LINGER;
        deadline(proxy.settings.idleTimeout());
        output.end(() -> deadline(proxy.settings.lingerTimeout()));
    }

    /** Closes once all that was written has left. */
    private void leave() {
        reader.release();
        stage = Stage.CLOSED;
        deadline(proxy.settings.idleTimeout());
        output.close();
    }

    void write(ByteBuf bytes) {
        output.write(bytes);
    }

    void flush() {
        exchange.flush();
        output.flush();
    }

    // ---- the tunnel ----

    private void tunnel(ByteBuf bytes) {
        tunnelBytes += bytes.readableBytes();
        exchange.body(bytes);
    }

    /** 101 was passed on: from here it is bytes. */
    void beginTunnel() {
        stage = Stage.TUNNEL;
        ByteBuf early = reader.takeAll();
        if (early != null) {
            tunnel(early);
        }
        if (inputEnded) {
            exchange.endOutput();
        }
        advance();
    }

    void tunnelInputEnded() {
        upstreamEnded = true;
        if (inputEnded) {
            tunnelClosed(false);
        } else {
            output.end(() -> {});
        }
    }

    /**
     * The tunnel is over.
     *
     * @param broken whether it did not end in order
     */
    void tunnelClosed(boolean broken) {
        long sent = exchange.responseBytes();
        exchange.endTunnel();
        endRequest(sent);
        if (broken) {
            stage = Stage.CLOSED;
            output.reset();
        } else {
            leave();
        }
    }

    // ---- flow ----

    void upstreamWritable(boolean writable) {
        if (writable) {
            advance();
        } else {
            updateReading();
        }
    }

    private void updateReading() {
        if (stage != Stage.CLOSED) {
            channel.config()
                    .setAutoRead(
                            switch (stage) {
                                case DISCARD, LINGER -> true;
                                // Who sends requests without taking the answers is not listened to.
                                case HEAD -> channel.isWritable();
                                case BODY, TUNNEL -> exchange.writable();
                                // One read ahead shows whether the caller goes away; more would be stored without
                                // bound.
                                case ANSWER -> reader.readableBytes() == 0;
                                case CLOSED -> false;
                            });
        }
    }

    private void deadline(Duration after) {
        timed = true;
        deadlineNanos = proxy.nanoTime.getAsLong() + after.toNanos();
    }

    void checkDeadline(long nowNanos) {
        if (!timed || nowNanos - deadlineNanos < 0) {
            return;
        }
        if (stage == Stage.HEAD && headBegun) {
            beginRecord();
            long seconds = proxy.settings.headTimeout().toSeconds();
            answer(408, "request timeout", Refusal.PROTOCOL_ERROR, "no whole head within " + seconds + " s", true);
        } else {
            channel.close();
        }
    }

    void drain() {
        if (stage == Stage.HEAD && !headBegun) {
            linger();
        }
    }

    // ---- what others ask ----

    Channel channel() {
        return channel;
    }

    boolean requestWhole() {
        return body.ended();
    }

    /** Whether the connection may go on after this answer. */
    boolean keepAlive() {
        return wantsMore && !proxy.draining();
    }

    /** The host of a request that names none, as HTTP/1.0 allows: where the caller connected to. */
    @Nullable
    String ownHost() {
        InetSocketAddress destination = connection.destination;
        if (destination == null || destination.getAddress() == null) {
            return null;
        }
        String address = destination.getAddress().getHostAddress();
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + destination.getPort();
    }
}
