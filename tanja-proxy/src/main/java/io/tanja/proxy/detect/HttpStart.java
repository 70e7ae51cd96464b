package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the start of HTTP in plain bytes. As in Istio's default, HTTP/1.0 on an undeclared port stays bytes
 * ({@code PILOT_HTTP10}).
 */
final class HttpStart {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = " HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
    private static final String[] METHODS = {
        "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "PATCH ", "OPTIONS ", "CONNECT ", "TRACE "
    };

    /** A longer target under a known method is taken for HTTP: the parser behind has the say over limits. */
    private static final int MAX_REQUEST_LINE = 8 * 1024;

    private HttpStart() {}

    /** Returns what the bytes are, or null if more are needed to tell. */
    static @Nullable Detected read(ByteBuf in) {
        int preface = matches(in, PREFACE);
        if (preface != NO) {
            return preface == YES ? new Detected.Http2() : null;
        }
        for (String method : METHODS) {
            int match = matches(in, method);
            if (match != NO) {
                return match == YES ? requestLine(in) : null;
            }
        }
        return new Detected.Opaque();
    }

    private static @Nullable Detected requestLine(ByteBuf in) {
        int from = in.readerIndex();
        int readable = Math.min(in.readableBytes(), MAX_REQUEST_LINE);
        int newline = in.indexOf(from, from + readable, (byte) '\n');
        if (newline < 0) {
            return readable == MAX_REQUEST_LINE ? new Detected.Http1() : null;
        }
        int end = newline > from && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
        int version = end - VERSION.length;
        if (version <= from) {
            return new Detected.Opaque();
        }
        for (int i = 0; i < VERSION.length; i++) {
            if (in.getByte(version + i) != VERSION[i]) {
                return new Detected.Opaque();
            }
        }
        return new Detected.Http1();
    }

    private static final int NO = 0;
    private static final int PART = 1;
    private static final int YES = 2;

    private static int matches(ByteBuf in, byte[] text) {
        int n = Math.min(in.readableBytes(), text.length);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != text[i]) {
                return NO;
            }
        }
        return n == text.length ? YES : PART;
    }

    private static int matches(ByteBuf in, String text) {
        int n = Math.min(in.readableBytes(), text.length());
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != text.charAt(i)) {
                return NO;
            }
        }
        return n == text.length() ? YES : PART;
    }
}
