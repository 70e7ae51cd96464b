package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes ClientHellos. */
public final class Hellos {
    private Hellos() {}

    /**
     * A hello in one record.
     *
     * @param sni the server name, or null for none
     * @param alpn the protocols; no extension if empty
     * @param padding bytes of padding
     */
    public static byte[] of(@Nullable String sni, List<String> alpn, int padding) {
        ByteBuf extensions = Unpooled.buffer();
        if (padding > 0) {
            extensions.writeShort(21).writeShort(padding).writeZero(padding);
        }
        if (sni != null) {
            byte[] name = sni.getBytes(StandardCharsets.US_ASCII);
            extensions.writeShort(0).writeShort(name.length + 5).writeShort(name.length + 3);
            extensions.writeByte(0).writeShort(name.length).writeBytes(name);
        }
        if (!alpn.isEmpty()) {
            int length = alpn.stream().mapToInt(name -> name.length() + 1).sum();
            extensions.writeShort(16).writeShort(length + 2).writeShort(length);
            alpn.forEach(
                    name -> extensions.writeByte(name.length()).writeBytes(name.getBytes(StandardCharsets.US_ASCII)));
        }
        ByteBuf body = Unpooled.buffer();
        body.writeShort(0x0303).writeZero(32).writeByte(0);
        body.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0);
        body.writeShort(extensions.readableBytes()).writeBytes(extensions);
        ByteBuf message = Unpooled.buffer();
        message.writeByte(1).writeMedium(body.readableBytes()).writeBytes(body);
        int length = message.readableBytes();
        ByteBuf record = Unpooled.buffer();
        if (length > 1 << 14) {
            record.writeByte(22).writeShort(0x0301).writeShort(0).writeBytes(message);
            return ByteBufUtil.getBytes(record);
        }
        record.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(message);
        return ByteBufUtil.getBytes(record);
    }

    /** The same message cut into records of at most {@code size} bytes. */
    public static byte[] inRecordsOf(byte[] hello, int size) {
        ByteBuf out = Unpooled.buffer();
        for (int at = 5; at < hello.length; at += size) {
            int length = Math.min(size, hello.length - at);
            out.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(hello, at, length);
        }
        return ByteBufUtil.getBytes(out);
    }
}
