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
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a caller. Its requests are dealt with strictly one after another: while one is in progress nothing
 * of the next is looked at, and no more than one read's worth of it is kept. One writer: the channel's event loop.
 *
 * <p>The file is long because it is one state machine: every method is a step between {@link ClientStage}s, and all of them
 * share its fields.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class ClientConnection extends ChannelInboundHandlerAdapter implements ServedConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** Up to here the rest of a refused request is read, so that the connection can go on. */
    private static final int SMALL_REST = 64 * 1024;

    final HttpRoute route;
    final HeaderRules rules;
    final ClientOutput output;
    private final Http1Proxy proxy;
    private final Channel channel;
    private final ConnectionRecord connection;
    private final RequestReader reader;
    private final MessageBody body;
    private final Exchange exchange;
    private final CurrentRequest request;
    private final Deadline deadline;
    private ClientStage stage = ClientStage.HEAD;
    private boolean wantsMore;
    private boolean expects;
    private boolean inputEnded;
    private boolean upstreamEnded;
    private boolean retired;
    private long tunnelBytes;

    ClientConnection(
            Http1Proxy proxy, Channel channel, ConnectionRecord connection, HttpRoute route, HeaderRules rules) {
        this.proxy = proxy;
        this.channel = channel;
        this.connection = connection;
        this.route = route;
        this.rules = rules;
        reader = new RequestReader(proxy.settings.maxHeadBytes(), proxy.clock, proxy.nanoTime);
        body = new MessageBody(proxy.settings.maxTrailerBytes());
        exchange = new Exchange(this, proxy);
        output = new ClientOutput(channel, connection);
        request = new CurrentRequest(connection, proxy.observer);
        deadline = new Deadline(proxy.nanoTime);
    }

    void start(ByteBuf alreadyRead) {
        channel.config().setWriteBufferWaterMark(PooledConnection.WATER_MARK);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        body.begin(0);
        idle();
        connection.bytesReceived += alreadyRead.readableBytes();
        reader.add(channel.alloc(), alreadyRead);
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
        if (!(cause instanceof IOException)) {
            LOG.error("HTTP connection {} is closed by a fault of the proxy", connection.id, cause);
        }
        request.refuse(Refusal.DOWNSTREAM_CLOSED, Quote.printable(String.valueOf(cause.getMessage())));
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stage = ClientStage.CLOSED;
        reader.release();
        proxy.closed(this);
        request.refuse(
                Refusal.DOWNSTREAM_CLOSED,
                body.ended() ? "before the answer was whole" : "before the request was whole");
        long sent = sent();
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
            if (stage == ClientStage.BODY && exchange.connected()) {
                ByteBuf rest = reader.takeAll();
                if (rest != null) {
                    relayBody(rest);
                }
            }
            if (stage == ClientStage.DISCARD) {
                discard();
            }
        } while (stage == ClientStage.HEAD && readHead());
        if (stage == ClientStage.HEAD && inputEnded && channel.isWritable()) {
            leave();
        }
    }

    /** Whether a request was begun, answered or refused, so that there may be more to do. */
    private boolean readHead() {
        if (!channel.isWritable()) {
            return false;
        }
        boolean begun = reader.begun();
        int length = reader.findRequest(proxy.bench.head);
        if (length == HeadReader.INCOMPLETE) {
            if (!begun && reader.begun()) {
                deadline.set(proxy.settings.headTimeout());
            }
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
        reader.headDone();
        deadline.clear();
        wantsMore = false;
        expects = false;
        tunnelBytes = 0;
        body.begin(0);
        exchange.forget();
        return request.begin(reader.beganMillis(), reader.beganNanos());
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
        ServedHere.Refused refused = ServedHere.judge(parsed, proxy.settings, HeadEditor.hostOf(connection) != null);
        if (refused != null) {
            answer(refused.status(), "", Refusal.PROTOCOL_ERROR, refused.why(), true);
            return;
        }
        if (current.requestId == null) {
            current.requestId = RequestId.random(proxy.random);
        }
        ByteBuf firstBytes = reader.take(headLength + taken);
        stage = body.ended() ? ClientStage.ANSWER : ClientStage.BODY;
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
        if (body.ended() && stage == ClientStage.BODY) {
            stage = ClientStage.ANSWER;
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
        stage = ClientStage.HEAD;
        deadline.set(proxy.settings.idleTimeout());
    }

    // ---- answers ----

    private void refuse(Defect defect) {
        if (request.answered()) {
            abort(Refusal.PROTOCOL_ERROR, "in the request: " + defect.meaning(), true);
        } else {
            answer(defect.status(), defect.meaning(), Refusal.PROTOCOL_ERROR, defect.meaning(), true);
        }
    }

    /**
     * Answers the request here, in place of an upstream that has not answered yet.
     *
     * @param last whether the connection must not go on
     */
    void answer(int status, String text, Refusal refusal, String detail, boolean last) {
        if (!request.inProgress() || stage == ClientStage.CLOSED) {
            return;
        }
        request.refuse(refusal, detail);
        request.status(status);
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
            stage = ClientStage.DISCARD;
            deadline.set(proxy.settings.headTimeout());
        } else {
            idle();
        }
    }

    /** The head of a response is about to be written. */
    void responseBegins(int status, long upstreamMillis) {
        request.answered(status, upstreamMillis);
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
        request.refuse(refusal, detail);
        boolean begun = request.answered();
        long sent = sent();
        exchange.drop();
        endRequest(sent);
        output.flush();
        if (reset && begun) {
            stage = ClientStage.CLOSED;
            output.reset();
        } else {
            leave();
        }
    }

    private long sent() {
        return request.answered() ? exchange.responseBytes() : 0;
    }

    private void endRequest(long sent) {
        request.end(body.contentBytes() + tunnelBytes, sent, proxy.nanoTime.getAsLong());
    }

    /** Lets the last answer reach the caller: closing with unread bytes would reset the connection under it. */
    private void linger() {
        if (inputEnded) {
            leave();
            return;
        }
        reader.release();
        stage = ClientStage.LINGER;
        deadline.set(proxy.settings.idleTimeout());
        output.end(() -> deadline.set(proxy.settings.lingerTimeout()));
    }

    /** Closes once all that was written has left. */
    private void leave() {
        reader.release();
        stage = ClientStage.CLOSED;
        deadline.set(proxy.settings.idleTimeout());
        output.close();
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
        stage = ClientStage.TUNNEL;
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
            stage = ClientStage.CLOSED;
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
        if (stage != ClientStage.CLOSED) {
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

    void checkDeadline(long nowNanos) {
        if (!deadline.passed(nowNanos)) {
            return;
        }
        if (stage == ClientStage.HEAD && reader.begun()) {
            beginRecord();
            long seconds = proxy.settings.headTimeout().toSeconds();
            answer(408, "request timeout", Refusal.PROTOCOL_ERROR, "no whole head within " + seconds + " s", true);
        } else {
            channel.close();
        }
    }

    void drain() {
        if (stage == ClientStage.HEAD && !reader.begun()) {
            linger();
        }
    }

    @Override
    public void retire(Refusal refusal, String detail) {
        retired = true;
        if (stage == ClientStage.TUNNEL) {
            request.refuse(refusal, detail);
            tunnelClosed(true);
        }
    }

    @Override
    public void end(int status, String text, Refusal refusal, String detail) {
        retire(refusal, detail);
        if (stage == ClientStage.HEAD && reader.begun()) {
            beginRecord();
        }
        switch (stage) {
            case HEAD, BODY, ANSWER -> {
                if (request.answered()) {
                    abort(refusal, detail, true);
                } else if (request.inProgress()) {
                    answer(status, text, refusal, detail, true);
                } else {
                    linger();
                }
            }
            case DISCARD -> linger();
            case LINGER, TUNNEL, CLOSED -> {}
        }
        advance();
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
        return wantsMore && !retired && !proxy.draining();
    }
}
