package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Writes that wait for their encryption. Small ones share a record. One writer: the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the channel, which its handlers are told.
final class WriteQueue {
    /** The most that one TLS record carries (RFC 8446 section 5.1). */
    private static final int RECORD = 1 << 14;

    private final ArrayDeque<Write> writes = new ArrayDeque<>(4);
    private int bytes;

    private record Write(ByteBuf bytes, ChannelPromise promise) {}

    void add(ByteBuf buffer, ChannelPromise promise) {
        writes.add(new Write(buffer, promise));
        bytes += buffer.readableBytes();
    }

    boolean fillsRecord() {
        return bytes >= RECORD;
    }

    /** Encrypts all and writes it, without a flush. */
    void drain(ChannelHandlerContext ctx, TlsMachine machine) throws SSLException {
        while (!writes.isEmpty()) {
            Batch batch = new Batch(ctx);
            Write first = writes.remove();
            bytes -= first.bytes.readableBytes();
            batch.promise(first.promise);
            try {
                ByteBuf plain = fits(first.bytes) ? gather(ctx, batch, first.bytes) : first.bytes;
                if (plain.isReadable()) {
                    machine.send(plain, batch);
                } else {
                    batch.ciphertext(plain);
                }
            } catch (SSLException | RuntimeException | OutOfMemoryError e) {
                // Direct memory has a limit of its own, which is no end of the process.
                batch.fail(e);
                throw e;
            }
        }
    }

    private boolean fits(ByteBuf plain) {
        Write next = writes.peek();
        return next != null && plain.readableBytes() + next.bytes.readableBytes() <= RECORD;
    }

    private ByteBuf gather(ChannelHandlerContext ctx, Batch batch, ByteBuf first) {
        ByteBuf all;
        try {
            all = ctx.alloc().directBuffer(Math.min(RECORD, first.readableBytes() + bytes));
            all.writeBytes(first);
        } finally {
            first.release();
        }
        while (fits(all)) {
            Write next = writes.remove();
            bytes -= next.bytes.readableBytes();
            batch.promise(next.promise);
            all.writeBytes(next.bytes);
            next.bytes.release();
        }
        return all;
    }

    void fail(Throwable cause) {
        bytes = 0;
        for (Write write = writes.poll(); write != null; write = writes.poll()) {
            write.bytes.release();
            if (!write.promise.isVoid()) {
                write.promise.tryFailure(cause);
            }
        }
    }

    /** The promises of writes that share their records: they are kept when the last record is written. */
    private static final class Batch implements TlsMachine.Output {
        private final ChannelHandlerContext ctx;
        private @Nullable ChannelPromise single;
        private @Nullable List<ChannelPromise> several;

        Batch(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        void promise(ChannelPromise promise) {
            if (promise.isVoid()) {
                return;
            }
            if (single == null) {
                single = promise;
            } else {
                if (several == null) {
                    several = new ArrayList<>(List.of(single));
                }
                several.add(promise);
            }
        }

        void fail(Throwable cause) {
            if (several != null) {
                several.forEach(promise -> promise.tryFailure(cause));
            } else if (single != null) {
                single.tryFailure(cause);
            }
        }

        @Override
        public void ciphertext(ByteBuf bytes) {
            List<ChannelPromise> all = several;
            ChannelPromise one = single;
            if (all != null) {
                ChannelPromise together = ctx.newPromise();
                together.addListener(f -> all.forEach(promise -> {
                    if (f.isSuccess()) {
                        promise.trySuccess();
                    } else {
                        promise.tryFailure(f.cause());
                    }
                }));
                ctx.write(bytes, together);
            } else {
                ctx.write(bytes, one == null ? ctx.voidPromise() : one);
            }
        }

        @Override
        public void plaintext(ByteBuf bytes) {
            throw new IllegalStateException("encrypting yields no plaintext");
        }

        @Override
        public void handshaken(TlsEnd.Session session) {
            throw new IllegalStateException("encrypting comes after the handshake");
        }

        @Override
        public void inputEnded() {
            throw new IllegalStateException("encrypting reads nothing");
        }
    }
}
