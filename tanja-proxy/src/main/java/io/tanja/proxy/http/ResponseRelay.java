package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.upstream.Occupant;
import org.jspecify.annotations.Nullable;

/**
 * Passes what the upstream sends to the client: interim responses, the response, and after 101 whatever comes. One
 * writer: the connection's event loop.
 */
final class ResponseRelay implements Occupant {
    private enum Phase {
        NONE,
        HEAD,
        BODY,
        TUNNEL
    }

    private final ClientConnection client;
    private final Http1Proxy proxy;
    private final Exchange exchange;
    private final HeadReader reader;
    private final MessageBody body;
    private Phase phase = Phase.NONE;
    private boolean began;
    private boolean reusable;
    private boolean unchunk;
    private boolean close;
    private long tunnelBytes;

    ResponseRelay(ClientConnection client, Http1Proxy proxy, Exchange exchange) {
        this.client = client;
        this.proxy = proxy;
        this.exchange = exchange;
        reader = new HeadReader(proxy.settings.maxHeadBytes());
        body = new MessageBody(proxy.settings.maxTrailerBytes());
    }

    /** A request is on its way. */
    void begin() {
        phase = Phase.HEAD;
        began = false;
    }

    /** Forgets what the last response was like. */
    void forget() {
        body.begin(0);
        tunnelBytes = 0;
    }

    /** Lets go of what was read. */
    void release() {
        phase = Phase.NONE;
        reader.release();
    }

    long contentBytes() {
        return body.contentBytes() + tunnelBytes;
    }

    @Override
    public void received(ByteBuf bytes) {
        switch (phase) {
            case NONE -> bytes.release();
            case HEAD -> {
                if (!began) {
                    began = true;
                    exchange.responseBegins();
                }
                reader.add(client.channel().alloc(), bytes);
                readHeads();
            }
            case BODY -> relayBody(bytes);
            case TUNNEL -> {
                tunnelBytes += bytes.readableBytes();
                client.output.write(bytes);
            }
        }
    }

    private void readHeads() {
        Workbench bench = proxy.bench;
        while (phase == Phase.HEAD) {
            int length = reader.find(bench.head);
            if (length == HeadReader.INCOMPLETE) {
                return;
            }
            if (length == HeadReader.MALFORMED) {
                exchange.malformed(reader.defect());
                return;
            }
            ParsedResponse response = bench.response;
            Defect defect = response.parse(bench.head, length);
            if (defect == null && response.status() == 101 && !switches(response)) {
                defect = Defect.SWITCH_UNASKED;
            }
            if (defect != null) {
                exchange.malformed(defect);
                return;
            }
            reader.skip(length);
            if (response.status() == 101) {
                beginTunnel(response);
            } else if (!response.informational()) {
                begin(response);
            } else if (!exchange.http10) {
                bench.editor.interim(response, client.rules);
                client.output.write(headBuffer(0));
            }
        }
    }

    private boolean switches(ParsedResponse response) {
        return exchange.upgrade && response.connection.upgrade && response.fields.has(KnownField.UPGRADE);
    }

    private ByteBuf headBuffer(int extra) {
        HeadWriter writer = proxy.bench.writer;
        ByteBuf out = client.channel().alloc().buffer(writer.length() + extra);
        writer.copyTo(out);
        return out;
    }

    private void begin(ParsedResponse response) {
        boolean bodiless = exchange.head || response.bodiless();
        long length = bodiless ? 0 : response.bodyLength();
        body.begin(length);
        boolean whole = client.requestWhole();
        unchunk = exchange.http10 && length == BodyLength.CHUNKED;
        // An answer that did not wait for its request leaves the rest of it on the way: nothing may follow that.
        close = !client.keepAlive() || !whole || unchunk || body.endsWithConnection();
        reusable = response.keepAlive() && whole && !exchange.oddBody && !body.endsWithConnection();

        ByteBuf rest = reader.takeAll();
        int taken = 0;
        if (rest != null) {
            // Looked through before the head is passed on: a body that is broken from the start still becomes a 502.
            taken = body.take(rest, null);
            if (taken < 0) {
                rest.release();
                exchange.malformed(body.defect());
                return;
            }
            if (taken < rest.readableBytes()) {
                reusable = false;
            }
        }
        writeHead(response, bodiless);
        phase = Phase.BODY;
        if (rest != null) {
            writeFirst(rest, taken);
        } else {
            client.output.write(headBuffer(0));
        }
        if (body.ended()) {
            end();
        }
    }

    private void writeHead(ParsedResponse response, boolean bodiless) {
        long millis = exchange.upstreamMillis();
        client.responseBegins(response.status(), millis);
        boolean dropCoding = unchunk || bodiless && !exchange.head;
        proxy.bench.editor.response(
                response,
                client.rules,
                HeadEditor.Persistence.of(close, exchange.http10),
                exchange.tellsOperation,
                dropCoding,
                millis,
                response.fields.has(KnownField.DATE) ? null : proxy.bench.date.now());
    }

    /** Writes the head and the bytes of the body that came with it, as one piece if they are few. */
    private void writeFirst(ByteBuf rest, int taken) {
        if (unchunk) {
            client.output.write(headBuffer(0));
            writeUnchunked(rest, taken);
            return;
        }
        if (taken <= Exchange.JOIN_BYTES) {
            client.output.write(headBuffer(taken).writeBytes(rest, taken));
            rest.release();
        } else {
            client.output.write(headBuffer(0));
            client.output.write(taken == rest.readableBytes() ? rest : slice(rest, taken));
        }
    }

    private static ByteBuf slice(ByteBuf bytes, int length) {
        ByteBuf slice = bytes.readRetainedSlice(length);
        bytes.release();
        return slice;
    }

    /** The data of chunks that were looked through once already; a second look cannot fail. */
    private void writeUnchunked(ByteBuf bytes, int taken) {
        int from = bytes.readerIndex();
        new ChunkScanner(Integer.MAX_VALUE).scan(bytes, from, from + taken, this::writeData);
        bytes.release();
    }

    private void writeData(ByteBuf bytes, int index, int length) {
        client.output.write(bytes.retainedSlice(index, length));
    }

    private void relayBody(ByteBuf bytes) {
        int taken = body.take(bytes, unchunk ? this::writeData : null);
        if (taken < 0) {
            bytes.release();
            Defect defect = body.defect();
            client.abort(Refusal.UPSTREAM_PROTOCOL_ERROR, "in the response: " + defect.meaning(), endsUnmarked());
            return;
        }
        if (taken < bytes.readableBytes()) {
            reusable = false;
        }
        if (unchunk) {
            bytes.release();
        } else {
            client.output.write(taken == bytes.readableBytes() ? bytes : slice(bytes, taken));
        }
        if (body.ended()) {
            end();
        }
    }

    private void end() {
        phase = Phase.NONE;
        exchange.responseEnded(reusable);
        client.exchangeEnded(close);
        client.advance();
    }

    private void beginTunnel(ParsedResponse response) {
        phase = Phase.TUNNEL;
        client.responseBegins(101, exchange.upstreamMillis());
        proxy.bench.editor.response(
                response,
                client.rules,
                HeadEditor.Persistence.UPGRADE,
                exchange.tellsOperation,
                true,
                exchange.upstreamMillis(),
                response.fields.has(KnownField.DATE) ? null : proxy.bench.date.now());
        client.output.write(headBuffer(0));
        exchange.beginTunnel();
        ByteBuf early = reader.takeAll();
        if (early != null) {
            tunnelBytes += early.readableBytes();
            client.output.write(early);
        }
        client.beginTunnel();
    }

    @Override
    public void receivedAll() {
        client.flush();
    }

    @Override
    public void writabilityChanged(boolean writable) {
        client.upstreamWritable(writable);
    }

    @Override
    public void inputEnded() {
        client.tunnelInputEnded();
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        Phase ended = phase;
        phase = Phase.NONE;
        reader.release();
        switch (ended) {
            case NONE -> {}
            case HEAD -> exchange.lost(began, cause);
            case BODY -> {
                if (body.endsWithConnection() && cause == null) {
                    end();
                } else {
                    client.abort(
                            Refusal.UPSTREAM_CLOSED,
                            "the connection ended after " + body.contentBytes() + " octets of the response's body",
                            endsUnmarked());
                }
            }
            case TUNNEL -> client.tunnelClosed(cause != null);
        }
    }

    /** Whether the caller would take the end of the connection for the end of the body. */
    private boolean endsUnmarked() {
        return unchunk || body.endsWithConnection();
    }
}
