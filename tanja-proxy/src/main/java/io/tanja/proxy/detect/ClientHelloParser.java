package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tanja.model.security.Refusal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a ClientHello at the start of a byte stream, however it is cut into TLS records and reads (RFC 8446 sections
 * 5.1 and 4.1.2). Reads by offset and consumes nothing. Each record is looked at once, so that trickled bytes cost no
 * more than whole ones. One writer: the connection's event loop.
 */
public final class ClientHelloParser {
    /** A ClientHello of an honest client has 200 to 2,000 bytes; this leaves room for every extension that is known. */
    public static final int MAX_HELLO = 16 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int MAX_RECORD = 1 << 14;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;

    private byte[] message = new byte[0];
    private int collected;
    private int nextRecord;

    /** Whether bytes that begin like this can be TLS at all. Two bytes decide; with one, the answer may be too hopeful. */
    public static boolean looksLikeTls(ByteBuf in) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        return readable > 0
                && in.getByte(start) == HANDSHAKE
                && (readable < 2 || in.getByte(start + 1) == 3)
                && (readable < 6 || in.getByte(start + RECORD_HEADER) == CLIENT_HELLO);
    }

    /**
     * Looks at all bytes received so far.
     *
     * @param in the stream from its first byte on; only ever grows between calls
     * @return what was found, or null if more bytes are needed
     */
    public @Nullable Detected parse(ByteBuf in) {
        while (true) {
            int header = in.readerIndex() + nextRecord;
            int available = in.readableBytes() - nextRecord;
            if (available < RECORD_HEADER) {
                return null;
            }
            int length = in.getUnsignedShort(header + 3);
            if (in.getByte(header) != HANDSHAKE || in.getByte(header + 1) != 3) {
                return broken("record in the middle of a ClientHello is of type " + in.getUnsignedByte(header)
                        + ", version " + in.getUnsignedByte(header + 1));
            }
            if (length == 0 || length > MAX_RECORD) {
                return broken("handshake record has " + length + " bytes");
            }
            if (nextRecord + RECORD_HEADER + length > 2 * MAX_HELLO) {
                return oversized(length);
            }
            if (available < RECORD_HEADER + length) {
                return null;
            }
            append(in, header + RECORD_HEADER, length);
            nextRecord += RECORD_HEADER + length;
            if (collected >= HANDSHAKE_HEADER) {
                if (message[0] != CLIENT_HELLO) {
                    return broken("first handshake message is of type " + (message[0] & 0xff));
                }
                int size = (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
                if (size > MAX_HELLO) {
                    return oversized(size);
                }
                if (collected >= HANDSHAKE_HEADER + size) {
                    return ClientHello.read(Unpooled.wrappedBuffer(message, HANDSHAKE_HEADER, size));
                }
            }
        }
    }

    private void append(ByteBuf in, int offset, int length) {
        if (collected + length > message.length) {
            // A hello in one record, the usual case, gets an array of exactly its size.
            message = Arrays.copyOf(message, collected == 0 ? length : Math.max(2 * collected, collected + length));
        }
        in.getBytes(offset, message, collected, length);
        collected += length;
    }

    private static Detected broken(String why) {
        return new Detected.Broken(Refusal.PROTOCOL_ERROR, why);
    }

    private static Detected oversized(int size) {
        return new Detected.Broken(
                Refusal.LIMIT_REACHED, "ClientHello of " + size + " bytes or more; the limit is " + MAX_HELLO);
    }
}
