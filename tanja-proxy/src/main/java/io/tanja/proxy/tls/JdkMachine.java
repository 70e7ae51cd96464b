package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** TLS by an {@link SSLEngine} of the JDK, its tasks run in place. */
final class JdkMachine implements TlsMachine {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBufAllocator allocator;
    private final SSLEngine engine;
    private @Nullable ByteBuf incomplete;
    private boolean handshaken;
    private boolean inputEnded;
    private boolean freed;

    JdkMachine(ByteBufAllocator allocator, SSLEngine engine) {
        this.allocator = allocator;
        this.engine = engine;
    }

    @Override
    public void begin(Output output) throws SSLException {
        engine.beginHandshake();
        handshake(engine.getHandshakeStatus(), output);
    }

    @Override
    public void receive(ByteBuf bytes, Output output) throws SSLException {
        ByteBuf before = incomplete;
        incomplete = null;
        ByteBuf all = before == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, bytes);
        try {
            while (!freed && !inputEnded && all.isReadable() && unwrap(all, output)) {
                // One record at a time.
            }
        } catch (SSLException e) {
            flushAlert(output);
            throw e;
        } finally {
            if (!freed && !inputEnded && all.isReadable()) {
                // Else a busy connection's buffer would grow by all that ever came.
                incomplete = all.discardReadBytes();
            } else {
                all.release();
            }
        }
    }

    /** Returns whether there may be another whole record. */
    private boolean unwrap(ByteBuf in, Output output) throws SSLException {
        SSLSession session = engine.getSession();
        ByteBuf plain = allocator.heapBuffer(session.getApplicationBufferSize());
        try {
            ByteBuffer source = in.nioBuffer();
            ByteBuffer target = plain.nioBuffer(0, plain.writableBytes());
            SSLEngineResult result = engine.unwrap(source, target);
            in.skipBytes(result.bytesConsumed());
            plain.writerIndex(result.bytesProduced());
            boolean more = result.getStatus() == Status.OK;
            HandshakeStatus next = run(result.getHandshakeStatus());
            if (next == HandshakeStatus.NEED_WRAP) {
                next = handshake(next, output);
            }
            finishIf(result.getHandshakeStatus(), output);
            finishIf(next, output);
            if (plain.isReadable()) {
                output.plaintext(plain.retain());
            }
            if (!freed && engine.isInboundDone()) {
                inputEnded = true;
                output.inputEnded();
            }
            return more;
        } finally {
            plain.release();
        }
    }

    private HandshakeStatus handshake(HandshakeStatus status, Output output) throws SSLException {
        HandshakeStatus next = run(status);
        while (next == HandshakeStatus.NEED_WRAP && !freed) {
            SSLEngineResult result = wrap(NOTHING, output);
            if (result.getStatus() != Status.OK && result.bytesProduced() == 0) {
                return result.getHandshakeStatus();
            }
            next = run(result.getHandshakeStatus());
            finishIf(next, output);
        }
        return next;
    }

    private HandshakeStatus run(HandshakeStatus status) {
        HandshakeStatus next = status;
        while (next == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            next = engine.getHandshakeStatus();
        }
        return next;
    }

    private void finishIf(HandshakeStatus status, Output output) {
        if (status == HandshakeStatus.FINISHED && !handshaken) {
            handshaken = true;
            SSLSession session = engine.getSession();
            String alpn = engine.getApplicationProtocol();
            output.handshaken(new TlsEnd.Session(
                    session.getProtocol(),
                    session.getCipherSuite(),
                    "?",
                    alpn == null || alpn.isEmpty() ? null : alpn));
        }
    }

    private SSLEngineResult wrap(ByteBuffer source, Output output) throws SSLException {
        ByteBuf record = allocator.heapBuffer(engine.getSession().getPacketBufferSize());
        try {
            SSLEngineResult result = engine.wrap(source, record.nioBuffer(0, record.writableBytes()));
            record.writerIndex(result.bytesProduced());
            if (record.isReadable()) {
                output.ciphertext(record.retain());
            }
            return result;
        } finally {
            record.release();
        }
    }

    @Override
    public void send(ByteBuf bytes, Output output) throws SSLException {
        try {
            // All records in one buffer, so that one promise stands for them all.
            ByteBuf records = allocator.heapBuffer(bytes.readableBytes() + 1024);
            try {
                encrypt(bytes.nioBuffer(), records);
                output.ciphertext(records.retain());
            } finally {
                records.release();
            }
        } finally {
            bytes.release();
        }
    }

    private void encrypt(ByteBuffer source, ByteBuf records) throws SSLException {
        while (source.hasRemaining()) {
            records.ensureWritable(engine.getSession().getPacketBufferSize());
            ByteBuffer target = records.nioBuffer(records.writerIndex(), records.writableBytes());
            SSLEngineResult result = engine.wrap(source, target);
            records.writerIndex(records.writerIndex() + result.bytesProduced());
            if (result.getStatus() != Status.OK) {
                throw new SSLException("the engine does not encrypt: " + result.getStatus());
            }
        }
    }

    @Override
    public void endOutput(Output output) throws SSLException {
        engine.closeOutbound();
        drain(output);
    }

    private void drain(Output output) throws SSLException {
        while (!freed && !engine.isOutboundDone()) {
            if (wrap(NOTHING, output).bytesProduced() == 0) {
                return;
            }
        }
    }

    private void flushAlert(Output output) {
        try {
            drain(output);
        } catch (SSLException e) {
            // The alert could not be made; the connection closes without it.
        }
    }

    @Override
    public void free() {
        freed = true;
        ByteBuf rest = incomplete;
        incomplete = null;
        if (rest != null) {
            rest.release();
        }
    }
}
