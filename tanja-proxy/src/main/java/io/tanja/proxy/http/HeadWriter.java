package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A growing run of bytes in which a head is put together. Made once for each event loop; one writer: that loop. */
final class HeadWriter {
    private static final byte[] COLON = {':', ' '};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int MAX_LONG_DIGITS = 20;

    private byte[] bytes = new byte[2048];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    HeadWriter append(byte[] source) {
        return append(source, 0, source.length);
    }

    HeadWriter append(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    HeadWriter append(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    HeadWriter append(String latin) {
        reserve(latin.length());
        for (int i = 0; i < latin.length(); i++) {
            bytes[length++] = (byte) latin.charAt(i);
        }
        return this;
    }

    /** A number that is not negative, in decimal. */
    HeadWriter append(long number) {
        reserve(MAX_LONG_DIGITS);
        int end = length + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int at = end - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        return this;
    }

    HeadWriter line(byte[] name, byte[] value) {
        return append(name).append(COLON).append(value).append(CRLF);
    }

    HeadWriter line(byte[] name, long value) {
        return append(name).append(COLON).append(value).append(CRLF);
    }

    HeadWriter line(byte[] name, String value) {
        return append(name).append(COLON).append(value).append(CRLF);
    }

    HeadWriter endLine() {
        return append(CRLF);
    }

    void copyTo(ByteBuf target) {
        target.writeBytes(bytes, 0, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
