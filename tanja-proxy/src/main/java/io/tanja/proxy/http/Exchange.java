package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.tanja.model.identity.Quote;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.PooledConnection;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamPool;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to an upstream: admission, connection, sending, and sending again. A client connection has one
 * of these and uses it for each of its requests in turn. One writer: the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
final class Exchange implements UpstreamPool.Taker, ChannelFutureListener {
    /** Up to here a body is copied behind its head, so that both leave as one piece. */
    static final int JOIN_BYTES = 8 * 1024;

    private static final int FIRST_BACKOFF_MILLIS = 25;
    private static final int MAX_BACKOFF_MILLIS = 250;

    private final ClientConnection client;
    private final Http1Proxy proxy;
    private final ResponseRelay relay;
    private @Nullable RequestRecord record;
    private @Nullable PooledConnection upstream;
    private @Nullable ByteBuf replay;
    private int replayHead;
    private boolean replayable;
    private boolean connecting;
    private boolean onBench;
    private boolean fresh;
    private boolean sent;
    private boolean idempotent;
    private long sentNanos;
    private Set<Upstream> tried = Set.of();

    boolean http10;
    boolean head;
    boolean upgrade;
    /** Whether the caller may be told the operation it called. */
    boolean tellsOperation;
    /** Whether an upstream may overlook the body, so that it would take it for the next request. */
    boolean oddBody;

    Exchange(ClientConnection client, Http1Proxy proxy) {
        this.client = client;
        this.proxy = proxy;
        relay = new ResponseRelay(client, proxy, this);
    }

    /**
     * Begins with the request that lies on the workbench.
     *
     * @param firstBytes the head and as much of the body as is there; taken over
     * @param headLength the length of the head in them
     */
    void begin(RequestRecord newRecord, ParsedRequest request, ByteBuf firstBytes, int headLength, boolean upgrading) {
        record = newRecord;
        replay = firstBytes;
        replayHead = headLength;
        replayable = true;
        fresh = false;
        tried = Set.of();
        http10 = request.http10();
        head = request.isHead();
        upgrade = upgrading;
        idempotent = RetryRule.isIdempotent(request.method());
        oddBody = request.bodyLength() != 0 && (head || request.method().equals("GET") || upgrading);
        tellsOperation = !(client.rules.trustsOperation && hasOperation(request));
        attempt();
    }

    /** Forgets what the last request was like. */
    void forget() {
        http10 = false;
        head = false;
        upgrade = false;
        tellsOperation = true;
        oddBody = false;
        record = null;
        relay.forget();
    }

    private static boolean hasOperation(ParsedRequest request) {
        String operation = request.fields.first(KnownField.ENVOY_OPERATION);
        return operation != null && !operation.isEmpty();
    }

    private RequestRecord record() {
        RequestRecord current = record;
        if (current == null) {
            throw new IllegalStateException("no request is in progress");
        }
        return current;
    }

    /** Judges the request on the workbench and looks for a connection. */
    private void attempt() {
        onBench = true;
        try {
            admit();
        } catch (RuntimeException e) {
            // An upstream's event may have led here; it is the caller's connection that cannot go on.
            client.channel().pipeline().fireExceptionCaught(e);
        } finally {
            onBench = false;
        }
    }

    private void admit() {
        RequestRecord current = record();
        switch (client.route.admit(proxy.bench.request, current, tried)) {
            case Admission.Reject reject ->
                client.answer(reject.status(), reject.body(), reject.refusal(), reject.detail(), false);
            case Admission.Forward forward -> {
                current.attempts++;
                current.upstream = forward.upstream();
                connecting = true;
                if (tried.contains(forward.upstream())) {
                    pause(forward.upstream(), current.attempts);
                } else {
                    proxy.pool.acquire(forward.upstream(), fresh, this);
                }
            }
        }
    }

    /** Waits before the same upstream is tried again, as Envoy does: a random part of 25 ms, doubled each time. */
    private void pause(Upstream again, int attempts) {
        int bound = Math.min(FIRST_BACKOFF_MILLIS << Math.min(attempts - 2, 8), MAX_BACKOFF_MILLIS);
        client.channel()
                .eventLoop()
                .schedule(
                        () -> {
                            if (connecting) {
                                proxy.pool.acquire(again, fresh, this);
                            }
                        },
                        proxy.random.nextInt(bound),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void ready(PooledConnection connection) {
        if (!connecting) {
            connection.release();
            return;
        }
        connecting = false;
        boolean synchronous = onBench;
        if (!synchronous) {
            reload();
        }
        upstream = connection;
        connection.occupy(relay);
        note(connection);
        relay.begin();
        send(connection);
        if (!synchronous) {
            client.advance();
        }
    }

    private void note(PooledConnection connection) {
        RequestRecord current = record();
        current.upstreamSecurity = connection.security();
        current.upstreamLocal =
                connection.channel().localAddress() instanceof InetSocketAddress address ? address : null;
        ConnectionRecord whole = current.connection;
        whole.upstream = connection.security();
        whole.upstreamAddress = connection.upstream().address();
        whole.upstreamLocal = current.upstreamLocal;
        whole.cluster = connection.upstream().cluster();
    }

    /** Brings the request's head back onto the workbench; it was parsed before, so it is valid. */
    private void reload() {
        ByteBuf bytes = replayed();
        bytes.getBytes(bytes.readerIndex(), proxy.bench.head, 0, replayHead);
        Defect defect = proxy.bench.request.parse(proxy.bench.head, 0, replayHead);
        if (defect != null) {
            throw new IllegalStateException("a valid head became invalid: " + defect.meaning());
        }
    }

    private ByteBuf replayed() {
        ByteBuf bytes = replay;
        if (bytes == null) {
            throw new IllegalStateException("the request was let go");
        }
        return bytes;
    }

    private void send(PooledConnection connection) {
        RequestRecord current = record();
        ParsedRequest request = proxy.bench.request;
        String requestId = request.fields.has(KnownField.REQUEST_ID) ? null : current.requestId;
        String host = request.fields.has(KnownField.HOST) ? null : HeadEditor.hostOf(current.connection);
        proxy.bench.editor.request(
                request, client.rules, connection.upstream(), requestId, host, current.attempts, upgrade);
        ByteBuf bytes = replayed();
        int bodyStart = bytes.readerIndex() + replayHead;
        int body = bytes.readableBytes() - replayHead;
        HeadWriter writer = proxy.bench.writer;
        boolean join = body <= JOIN_BYTES;
        ByteBuf out = client.channel().alloc().buffer(writer.length() + (join ? body : 0));
        writer.copyTo(out);
        sent = false;
        sentNanos = proxy.nanoTime.getAsLong();
        if (join) {
            out.writeBytes(bytes, bodyStart, body);
            connection.write(out, this);
        } else {
            connection.write(out, this);
            connection.write(bytes.retainedSlice(bodyStart, body));
        }
    }

    /** The head has left, or not. */
    @Override
    public void operationComplete(ChannelFuture future) {
        PooledConnection current = upstream;
        if (current != null && current.channel().equals(future.channel()) && future.isSuccess()) {
            sent = true;
        }
    }

    @Override
    public void failed(ConnectException cause) {
        if (!connecting) {
            return;
        }
        connecting = false;
        boolean synchronous = onBench;
        RequestRecord current = record();
        note(current.upstream);
        boolean curable = RetryRule.curable(cause.refusal());
        if (!curable || !again(RetryRule.Failure.NOT_CONNECTED)) {
            String transport = cause.refusal().label() + ": " + Quote.printable(cause.detail());
            String text =
                    LocalReply.upstreamFailure(RetryRule.resetReason(cause.refusal()), current.attempts, transport);
            client.answer(503, text, cause.refusal(), cause.detail(), false);
        }
        if (!synchronous) {
            client.advance();
        }
    }

    private void note(@Nullable Upstream failed) {
        if (failed != null) {
            if (tried.isEmpty()) {
                tried = new HashSet<>();
            }
            tried.add(failed);
        }
    }

    /** Whether another attempt was begun. */
    private boolean again(RetryRule.Failure failure) {
        int attempts = record().attempts;
        if (!RetryRule.again(failure, idempotent, replayable && replay != null, attempts, proxy.settings.retries())) {
            return false;
        }
        reload();
        attempt();
        return true;
    }

    /** More of the body; taken over. */
    void body(ByteBuf bytes) {
        PooledConnection current = upstream;
        if (current == null) {
            bytes.release();
            return;
        }
        replayable = false;
        if (replay != null && sent) {
            releaseReplay();
        }
        current.write(bytes);
    }

    /** Whether bytes of the body can be passed on. */
    boolean connected() {
        return upstream != null;
    }

    /** Whether bytes from the client can be passed on without filling memory. */
    boolean writable() {
        PooledConnection current = upstream;
        return current != null && current.isWritable();
    }

    /** Lets the upstream be read or not. */
    void readUpstream(boolean on) {
        PooledConnection current = upstream;
        if (current != null) {
            current.reading(on);
        }
    }

    void flush() {
        PooledConnection current = upstream;
        if (current != null) {
            current.flush();
        }
    }

    /** The first byte of a response came: from now on there is no other attempt. */
    void responseBegins() {
        replayable = false;
        releaseReplay();
    }

    /** Milliseconds since the request was sent. */
    long upstreamMillis() {
        return (proxy.nanoTime.getAsLong() - sentNanos) / 1_000_000;
    }

    /** The upstream closed before a whole head of a response came. */
    void lost(boolean responseBegan, @Nullable Throwable cause) {
        PooledConnection gone = upstream;
        upstream = null;
        boolean reused = gone != null && gone.reused();
        RetryRule.Failure failure =
                !sent ? RetryRule.Failure.NOT_SENT : reused ? RetryRule.Failure.STALE : RetryRule.Failure.RESET;
        // The next attempt shall not meet another connection that closed at the same moment.
        fresh = true;
        if (!reused) {
            note(record().upstream);
        }
        if (!responseBegan && again(failure)) {
            client.advance();
            return;
        }
        String reason = cause == null ? "connection termination" : "remote reset";
        String detail = "the connection " + (reused ? "(used before) " : "") + "ended before the response's head"
                + (cause == null ? "" : ": " + Quote.printable(String.valueOf(cause.getMessage())));
        String text = LocalReply.upstreamFailure(reason, record().attempts, null);
        client.answer(503, text, Refusal.UPSTREAM_CLOSED, detail, false);
        client.advance();
    }

    /** The response's head, or the beginning of its body, breaks the protocol; none of it was passed on. */
    void malformed(Defect defect) {
        String text = LocalReply.upstreamFailure("protocol error", record().attempts, null);
        client.answer(502, text, Refusal.UPSTREAM_PROTOCOL_ERROR, defect.meaning(), false);
        client.advance();
    }

    /** The response has ended. */
    void responseEnded(boolean reusable) {
        PooledConnection current = upstream;
        upstream = null;
        releaseReplay();
        if (current != null) {
            if (reusable && client.requestWhole()) {
                current.release();
            } else {
                current.close();
            }
        }
    }

    /** Makes a tunnel of the connection, and writes what the client has sent already. */
    void beginTunnel() {
        releaseReplay();
        PooledConnection current = upstream;
        if (current != null) {
            current.allowHalfClose();
        }
    }

    /** The client will send nothing more into the tunnel. */
    void endOutput() {
        PooledConnection current = upstream;
        if (current != null) {
            Channel channel = current.channel();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (written.isSuccess()) {
                    HalfClose.output(channel);
                }
            });
        }
    }

    /** Both directions of the tunnel are over. */
    void endTunnel() {
        PooledConnection current = upstream;
        upstream = null;
        relay.release();
        if (current != null) {
            current.closeWhenWritten();
        }
    }

    /** Lets go of everything; the upstream connection is closed, since its state is not known. */
    void drop() {
        connecting = false;
        PooledConnection current = upstream;
        upstream = null;
        releaseReplay();
        relay.release();
        if (current != null) {
            current.close();
        }
    }

    /** Octets of the response's content. */
    long responseBytes() {
        return relay.contentBytes();
    }

    private void releaseReplay() {
        ByteBuf bytes = replay;
        replay = null;
        if (bytes != null) {
            bytes.release();
        }
    }
}
