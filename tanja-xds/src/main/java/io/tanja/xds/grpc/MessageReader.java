package io.tanja.xds.grpc;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.CompositeByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a call into gRPC's length-prefixed messages (grpc/doc/PROTOCOL-HTTP2.md). Memory grows with what has
 * arrived, never with what a prefix announces. Used on one event loop.
 */
final class MessageReader {
    private static final int PREFIX = 5;

    private final ByteBufAllocator allocator;
    private final int maxMessage;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixRead;
    private int missing;
    private @Nullable CompositeByteBuf body;

    MessageReader(ByteBufAllocator allocator, int maxMessage) {
        this.allocator = allocator;
        this.maxMessage = maxMessage;
    }

    /** Takes what it needs of {@code data}, whose reader index moves; returns a whole message to release, or null. */
    @Nullable
    ByteBuf read(ByteBuf data) throws GrpcException {
        while (prefixRead < PREFIX) {
            if (!data.isReadable()) {
                return null;
            }
            prefix[prefixRead++] = data.readByte();
            if (prefixRead == PREFIX) {
                missing = length();
                body = allocator.compositeBuffer(Integer.MAX_VALUE);
            }
        }
        CompositeByteBuf message = body;
        if (message == null) {
            throw new IllegalStateException("closed");
        }
        int take = Math.min(missing, data.readableBytes());
        if (take > 0) {
            message.addComponent(true, data.readRetainedSlice(take));
            missing -= take;
        }
        if (missing > 0) {
            return null;
        }
        body = null;
        prefixRead = 0;
        return message;
    }

    /** Whether a message has begun and not ended. */
    boolean inMessage() {
        return prefixRead > 0;
    }

    /** Frees what has arrived of an unfinished message. */
    void close() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private int length() throws GrpcException {
        if (prefix[0] != 0) {
            throw new GrpcException(GrpcStatus.of(
                    GrpcStatus.Code.INTERNAL,
                    "a message is compressed (flag " + prefix[0] + "), which was not offered"));
        }
        long length = (prefix[1] & 0xffL) << 24 | (prefix[2] & 0xff) << 16 | (prefix[3] & 0xff) << 8 | prefix[4] & 0xff;
        if (length > maxMessage) {
            throw new GrpcException(GrpcStatus.of(
                    GrpcStatus.Code.RESOURCE_EXHAUSTED,
                    "a message of " + length + " bytes exceeds the limit of " + maxMessage));
        }
        return (int) length;
    }

    /** Frames a message for sending. */
    static ByteBuf frame(ByteBufAllocator allocator, MessageLite message) {
        int size = message.getSerializedSize();
        ByteBuf out = allocator.buffer(PREFIX + size);
        try {
            out.writeByte(0).writeInt(size);
            message.writeTo(new ByteBufOutputStream(out));
            return out;
        } catch (IOException e) {
            out.release();
            throw new UncheckedIOException("writing to memory", e);
        }
    }
}
