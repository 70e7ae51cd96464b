package io.tanja.proxy.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of text in the making: grows, is cleared and used again, so that a line costs no garbage. One writer: the thread
 * that owns it.
 *
 * <p>{@link #put} is for text that the program wrote itself; text from peers goes through {@link #escaped}, which leaves
 * nothing of it that could end a field or a line.
 */
public final class LineBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** Whether a character of ASCII stands for itself between quotes. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = ' '; c < 0x7f; c++) {
            PLAIN[c] = c != '"' && c != '\\';
        }
    }

    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LONG_DIGITS = 20;

    private byte[] bytes;
    private int length;

    /** Starts with room for {@code capacity} bytes. */
    public LineBuffer(int capacity) {
        bytes = new byte[Math.max(capacity, 16)];
    }

    /** Forgets the text, keeps the room. */
    public void clear() {
        length = 0;
    }

    /** Bytes written since {@link #clear}. */
    public int length() {
        return length;
    }

    /** Cuts the text back to an earlier {@link #length}. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    /** Copies the text to {@code target}, which must have room for {@link #length} bytes. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, length);
    }

    /** Writes the text to a stream. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    /** A copy of the text. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Appends one ASCII character. */
    public LineBuffer put(char c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Appends bytes as they are. */
    public LineBuffer put(byte[] text) {
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** Appends text of our own that is ASCII; anything else in it becomes {@code ?}. */
    public LineBuffer put(String text) {
        int n = text.length();
        room(n);
        byte[] to = bytes;
        int at = length;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            to[at + i] = (byte) (c < 0x80 ? c : '?');
        }
        length = at + n;
        return this;
    }

    /** Appends a decimal number. */
    public LineBuffer put(long number) {
        if (number == Long.MIN_VALUE) {
            return put(Long.toString(number));
        }
        room(MAX_LONG_DIGITS);
        long rest = number;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int end = length + 1;
        for (long r = rest; r >= 10; r /= 10) {
            end++;
        }
        length = end;
        do {
            bytes[--end] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return this;
    }

    /** Appends {@code number}, which is in 0..999, with {@code digits} digits. */
    LineBuffer padded(int number, int digits) {
        room(digits);
        int rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            bytes[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /**
     * Appends text from anywhere: quotes, backslashes, control and non-ASCII characters become {@code \}{@code uXXXX},
     * which is a JSON escape too. What is longer than {@code max} characters is cut and ends in {@code ...}.
     */
    public LineBuffer escaped(String text, int max) {
        return escaped(text, max, ' ');
    }

    /** As {@link #escaped(String, int)}, and escapes spaces too: for fields without quotes around them. */
    public LineBuffer escapedWord(String text, int max) {
        return escaped(text, max, '!');
    }

    private LineBuffer escaped(String text, int max, char lowest) {
        int n = Math.min(text.length(), max);
        room(n * 6 + CUT.length);
        byte[] to = bytes;
        int at = length;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c < 128 && PLAIN[c] && c >= lowest) {
                to[at++] = (byte) c;
            } else {
                to[at++] = '\\';
                to[at++] = 'u';
                to[at++] = HEX[c >> 12];
                to[at++] = HEX[c >> 8 & 0xf];
                to[at++] = HEX[c >> 4 & 0xf];
                to[at++] = HEX[c & 0xf];
            }
        }
        length = at;
        return text.length() > max ? put(CUT) : this;
    }

    /** Appends {@code address:port}, with brackets around an IPv6 address. */
    public LineBuffer put(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        if (address instanceof Inet4Address) {
            byte[] parts = address.getAddress();
            for (int i = 0; i < parts.length; i++) {
                if (i > 0) {
                    put('.');
                }
                put((long) (parts[i] & 0xff));
            }
        } else if (address != null) {
            String text = address.getHostAddress();
            int scope = text.indexOf('%');
            put('[').put(scope < 0 ? text : text.substring(0, scope)).put(']');
        } else {
            escapedWord(socket.getHostString(), 255);
        }
        return put(':').put((long) socket.getPort());
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
