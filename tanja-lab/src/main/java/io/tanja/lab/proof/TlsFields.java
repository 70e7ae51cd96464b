package io.tanja.lab.proof;

import io.tanja.model.identity.Quote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The length-prefixed fields of TLS handshake messages (RFC 8446, section 3.4). */
final class TlsFields {
    static final int SERVER_NAME = 0;
    static final int SUPPORTED_GROUPS = 10;
    static final int ALPN = 16;
    static final int SUPPORTED_VERSIONS = 43;
    static final int KEY_SHARE = 51;

    private TlsFields() {}

    static void skip8(ByteBuffer b) {
        vector8(b);
    }

    static ByteBuffer vector8(ByteBuffer b) {
        return take(b, b.get() & 0xff);
    }

    static ByteBuffer vector16(ByteBuffer b) {
        return take(b, b.getShort() & 0xffff);
    }

    static String text(ByteBuffer b) {
        return Quote.printable(StandardCharsets.ISO_8859_1.decode(b).toString());
    }

    static List<String> names(ByteBuffer list) {
        List<String> names = new ArrayList<>();
        while (list.hasRemaining()) {
            names.add(text(vector8(list)));
        }
        return List.copyOf(names);
    }

    private static ByteBuffer take(ByteBuffer b, int length) {
        ByteBuffer slice = b.slice(b.position(), checked(length, b.remaining()));
        b.position(b.position() + length);
        return slice;
    }

    private static int checked(int length, int available) {
        if (length > available) {
            throw new IllegalArgumentException("a field of " + length + " bytes, " + available + " left");
        }
        return length;
    }
}
