package io.tanja.proxy.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads messages of HTTP/1 slowly and plainly, sharing no code with what is tested. */
final class Wire {
    private Wire() {}

    /** A head with its empty line; empty at the end of the connection. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** The value of a field, null if it is absent. */
    @org.jspecify.annotations.Nullable
    static String field(String head, String name) {
        String found = null;
        for (String line : head.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                String value = line.substring(colon + 1).trim();
                found = found == null ? value : found + " | " + value;
            }
        }
        return found;
    }

    /** The body that follows a head, without chunk framing; up to the end if nothing tells its length. */
    static String body(InputStream in, String head) throws IOException {
        String length = field(head, "content-length");
        if (length != null) {
            return exactly(in, Integer.parseInt(length));
        }
        String coding = field(head, "transfer-encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).equals("chunked")) {
            return chunked(in);
        }
        return head.startsWith("HTTP/") ? new String(in.readAllBytes(), StandardCharsets.ISO_8859_1) : "";
    }

    static String exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String chunked(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = line(in);
            int semicolon = line.indexOf(';');
            int size = Integer.parseInt(semicolon < 0 ? line : line.substring(0, semicolon), 16);
            if (size == 0) {
                break;
            }
            body.append(exactly(in, size));
            line(in);
        }
        while (!line(in).isEmpty()) {
            body.append("");
        }
        return body.toString();
    }

    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the line ended after \"" + line + "\"");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }
}
