package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** How far a body has come, by its framing. Made once for each direction of a connection; one writer: its event loop. */
final class MessageBody {
    private enum Framing {
        LENGTH,
        CHUNKED,
        /** Up to the end of the connection. */
        OPEN
    }

    private final ChunkScanner chunks;
    private Framing framing = Framing.LENGTH;
    private long remaining;
    private long passed;

    MessageBody(int maxTrailer) {
        chunks = new ChunkScanner(maxTrailer);
    }

    /** Begins a body of that length; see {@link BodyLength}. */
    void begin(long length) {
        passed = 0;
        remaining = Math.max(length, 0);
        if (length == BodyLength.CHUNKED) {
            framing = Framing.CHUNKED;
            chunks.reset();
        } else {
            framing = length == BodyLength.UNSTATED ? Framing.OPEN : Framing.LENGTH;
        }
    }

    /**
     * Goes on through the readable bytes of a buffer, without reading them.
     *
     * @param sink gets the data of chunks, if it is wanted apart from their framing
     * @return how many of them belong to the body, or -1 if it is malformed
     */
    int take(ByteBuf bytes, ChunkScanner.@Nullable Data sink) {
        int readable = bytes.readableBytes();
        return switch (framing) {
            case LENGTH -> {
                int taken = (int) Math.min(remaining, readable);
                remaining -= taken;
                passed += taken;
                yield taken;
            }
            case CHUNKED -> {
                int from = bytes.readerIndex();
                int end = chunks.scan(bytes, from, from + readable, sink);
                yield end < 0 ? -1 : end - from;
            }
            case OPEN -> {
                passed += readable;
                yield readable;
            }
        };
    }

    /** Whether its last byte has passed. A body up to the end of the connection ends only with that. */
    boolean ended() {
        return switch (framing) {
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks.ended();
            case OPEN -> false;
        };
    }

    boolean endsWithConnection() {
        return framing == Framing.OPEN;
    }

    /** Octets of content so far, without chunk framing. */
    long contentBytes() {
        return framing == Framing.CHUNKED ? chunks.dataBytes() : passed;
    }

    /** Whether what is still to come is known to be at most that many octets. */
    boolean remainsAtMost(long limit) {
        return framing == Framing.LENGTH && remaining <= limit;
    }

    /** What is wrong, once {@link #take} has returned -1. */
    Defect defect() {
        Defect defect = chunks.defect();
        return defect == null ? Defect.CHUNK_SIZE : defect;
    }
}
