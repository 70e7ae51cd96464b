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
import java.util.Locale;
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
    private boolean dirty;
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
    }

    void start(ByteBuf alreadyRead) {
        channel.config().setWriteBufferWaterMark(PooledConnection.WATER_MARK);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        deadline(proxy.settings.idleTimeout());
        body.begin(0);
        connection.bytesReceived += alreadyRead.readableBytes();
        if (alreadyRead.isReadable()) {
            reader.add(channel.alloc(), alreadyRead);
        } else {
            alreadyRead.release();
        }
        advance();
    }

    // ---- the caller's side ----

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
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
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
            exchange.drop();
            endRequest();
        } else {
            exchange.drop();
        }
    }

    private void inputEnded() {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        switch (stage) {
            case HEAD, DISCARD, LINGER -> channel.close();
            case BODY -> abort(Refusal.DOWNSTREAM_CLOSED, "before the request was whole");
            case ANSWER, CLOSED -> {}
            case TUNNEL -> {
                if (upstreamEnded) {
                    channel.close();
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
        while (true) {
            if (stage == Stage.BODY && exchange.connected() && reader.readableBytes() > 0) {
                ByteBuf rest = reader.takeAll();
                if (rest != null) {
                    relayBody(rest);
                }
            }
            if (stage == Stage.DISCARD) {
                discard();
            }
            if (stage != Stage.HEAD || !readHead()) {
                break;
            }
        }
        if (stage == Stage.HEAD && inputEnded) {
            stage = Stage.CLOSED;
            closeWhenWritten();
        }
    }

    /** Whether a request was begun, answered or refused, so that there may be more to do. */
    private boolean readHead() {
        skipBlankLine();
        if (reader.readableBytes() == 0) {
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
        timed = false;
        RequestRecord current = new RequestRecord(connection, headMillis, headNanos);
        request = current;
        connection.requests++;
        answered = false;
        wantsMore = false;
        expects = false;
        headBegun = false;
        blankSkipped = false;
        body.begin(0);
        if (length == HeadReader.MALFORMED) {
            refuse(reader.defect());
            return true;
        }
        ParsedRequest parsed = proxy.bench.request;
        Defect defect = parsed.parse(proxy.bench.head, 0, length);
        fill(current, parsed);
        if (defect != null) {
            refuse(defect);
            return true;
        }
        begin(current, parsed, length);
        return true;
    }

    /** One empty line before a request is forgiven (RFC 9112, section 2.2). */
    private void skipBlankLine() {
        ByteBuf bytes = reader.pending();
        if (!blankSkipped && bytes != null && bytes.readableBytes() >= 2) {
            int at = bytes.readerIndex();
            if (bytes.getByte(at) == '\r' && bytes.getByte(at + 1) == '\n') {
                reader.skip(2);
                blankSkipped = true;
            }
        }
    }

    private void fill(RequestRecord current, ParsedRequest parsed) {
        current.method = parsed.method();
        current.authority = parsed.host();
        if (!parsed.method().equals("-") && parsed.target.end > parsed.target.start) {
            current.path = parsed.isConnect() ? parsed.target() : parsed.pathAndQuery();
        }
        HeadFields fields = parsed.fields;
        current.userAgent = fields.first(KnownField.USER_AGENT);
        current.forwardedFor = fields.first(KnownField.FORWARDED_FOR);
        current.requestId = fields.first(KnownField.REQUEST_ID);
    }

    private void begin(RequestRecord current, ParsedRequest parsed, int headLength) {
        wantsMore = parsed.keepAlive();
        expects = parsed.expectsContinue();
        exchange.http10 = parsed.http10();
        exchange.head = parsed.isHead();
        exchange.tellsOperation = true;
        body.begin(parsed.bodyLength());
        ByteBuf bytes = reader.pending();
        if (bytes == null) {
            throw new IllegalStateException("a head was found in no bytes");
        }
        bytes.skipBytes(headLength);
        int taken = body.take(bytes, null);
        bytes.readerIndex(bytes.readerIndex() - headLength);
        if (taken < 0) {
            refuse(body.defect());
            return;
        }
        boolean upgrade = parsed.isUpgrade() && !parsed.upgradeProtocol().equalsIgnoreCase("h2c");
        if (!acceptable(parsed, upgrade)) {
            reader.skip(headLength + taken);
            return;
        }
        if (current.requestId == null) {
            current.requestId = RequestId.random(proxy.random);
        }
        ByteBuf firstBytes = reader.take(headLength + taken);
        stage = body.ended() ? Stage.ANSWER : Stage.BODY;
        exchange.begin(current, parsed, firstBytes, headLength, upgrade);
    }

    /** Answers what is well-formed but not served here. */
    private boolean acceptable(ParsedRequest parsed, boolean upgrade) {
        if (parsed.http10() && !proxy.settings.acceptHttp10()) {
            answer(426, "", Refusal.PROTOCOL_ERROR, "HTTP/1.0 is not accepted here", true);
            return false;
        }
        if (parsed.http10() && !parsed.fields.has(KnownField.HOST) && ownHost() == null) {
            refuse(Defect.HOST_MISSING);
            return false;
        }
        if (parsed.isConnect()) {
            // Closed, since the caller may have sent bytes for the tunnel that would look like a request.
            answer(403, "", Refusal.PROTOCOL_ERROR, "CONNECT is not served", true);
            return false;
        }
        if (parsed.expectsUnknown()) {
            answer(417, "", Refusal.PROTOCOL_ERROR, "Expect is not \"100-continue\"", true);
            return false;
        }
        if (upgrade
                && !proxy.settings.upgrades().contains(parsed.upgradeProtocol().toLowerCase(Locale.ROOT))) {
            String protocol = Quote.printable(parsed.upgradeProtocol());
            answer(403, "", Refusal.PROTOCOL_ERROR, "an upgrade to \"" + protocol + "\" is not served", true);
            return false;
        }
        return true;
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
        ByteBuf bytes = reader.pending();
        if (bytes != null) {
            int taken = body.take(bytes, null);
            if (taken < 0) {
                linger();
                return;
            }
            reader.skip(taken);
        }
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
            abort(Refusal.PROTOCOL_ERROR, "in the request: " + defect.meaning());
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
     * Answers the request here, in place of an upstream. Does nothing to a response that has begun.
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
        boolean short_ = rest && !expects && body.remainsAtMost(SMALL_REST);
        boolean close = last || !keepAlive() || rest && !short_;
        HeadEditor.Persistence persistence = close
                ? HeadEditor.Persistence.CLOSE
                : exchange.http10 ? HeadEditor.Persistence.KEEP_ALIVE : HeadEditor.Persistence.SILENT;
        LocalReply.write(proxy.bench, rules, status, text, persistence, !exchange.head, exchange.tellsOperation);
        HeadWriter writer = proxy.bench.writer;
        ByteBuf out = channel.alloc().buffer(writer.length());
        writer.copyTo(out);
        write(out);
        endRequest();
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
    void responseBegins(int status, long upstreamMillis, boolean close) {
        answered = true;
        RequestRecord current = request;
        if (current != null) {
            current.status = status;
            current.upstreamMillis = upstreamMillis;
        }
        if (close) {
            wantsMore = false;
        }
    }

    /** The response is written. */
    void exchangeEnded(boolean close) {
        endRequest();
        if (close || inputEnded && reader.readableBytes() == 0) {
            linger();
        } else {
            idle();
        }
    }

    /** Ends the connection in a way that shows that what was sent is not whole. */
    void abort(Refusal refusal, String detail) {
        RequestRecord current = request;
        if (current != null) {
            current.refuse(refusal, detail);
        }
        boolean begun = answered;
        exchange.drop();
        if (current != null) {
            endRequest();
        }
        stage = Stage.CLOSED;
        if (begun) {
            flush();
            HalfClose.reset(channel);
        } else {
            channel.close();
        }
    }

    private void endRequest() {
        RequestRecord current = request;
        if (current == null) {
            return;
        }
        request = null;
        current.bytesReceived = body.contentBytes() + tunnelBytes;
        current.bytesSent = exchange.responseBytes();
        current.durationNanos = proxy.nanoTime.getAsLong() - current.startNanos;
        tunnelBytes = 0;
        proxy.observer.requestEnded(current);
    }

    /** Lets the last answer reach the caller: closing with unread bytes would reset the connection under it. */
    private void linger() {
        reader.release();
        if (inputEnded) {
            stage = Stage.CLOSED;
            closeWhenWritten();
            return;
        }
        stage = Stage.LINGER;
        deadline(proxy.settings.lingerTimeout());
        flush();
        HalfClose.output(channel);
    }

    private void closeWhenWritten() {
        flush();
        channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
                .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }

    void write(ByteBuf bytes) {
        if (stage == Stage.CLOSED || stage == Stage.LINGER) {
            bytes.release();
            return;
        }
        connection.bytesSent += bytes.readableBytes();
        dirty = true;
        channel.write(bytes, channel.voidPromise());
    }

    void flush() {
        exchange.flush();
        if (dirty) {
            dirty = false;
            channel.flush();
        }
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
        flush();
        if (inputEnded) {
            tunnelClosed();
        } else {
            HalfClose.output(channel);
        }
    }

    void tunnelClosed() {
        exchange.drop();
        endRequest();
        stage = Stage.CLOSED;
        closeWhenWritten();
    }

    // ---- flow ----

    void upstreamWritable(boolean writable) {
        if (writable) {
            process();
        }
        updateReading();
        if (writable) {
            flush();
        }
    }

    private void updateReading() {
        boolean on = switch (stage) {
            case HEAD, DISCARD, LINGER -> true;
            case BODY, TUNNEL -> exchange.writable();
            // One read ahead shows whether the caller goes away; more would be stored without bound.
            case ANSWER -> reader.readableBytes() == 0;
            case CLOSED -> false;
        };
        if (stage != Stage.CLOSED) {
            channel.config().setAutoRead(on);
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
            request = new RequestRecord(connection, headMillis, headNanos);
            connection.requests++;
            headBegun = false;
            answered = false;
            timed = false;
            long seconds = proxy.settings.headTimeout().toSeconds();
            answer(408, "request timeout", Refusal.PROTOCOL_ERROR, "no whole head within " + seconds + " s", true);
            flush();
        } else if (stage == Stage.HEAD || stage == Stage.DISCARD || stage == Stage.LINGER) {
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
