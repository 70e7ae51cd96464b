package io.tanja.proxy.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The classes of octets that RFC 9110 (section 5.6.2, 5.5) and RFC 3986 define, and searches over byte ranges. */
final class Octets {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;
    private static final byte PATH = 16;
    private static final byte[] CLASS = classes();

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EVERY_LF = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long EVERY_ONE = 0x0101_0101_0101_0101L;
    private static final long EVERY_HIGH = 0x8080_8080_8080_8080L;

    private Octets() {}

    /** A character of a method or field name. */
    static boolean isToken(byte b) {
        return (CLASS[b & 0xff] & TOKEN) != 0;
    }

    /** A character inside a field value: visible, space, tab or above ASCII. */
    static boolean isValue(byte b) {
        return (CLASS[b & 0xff] & VALUE) != 0;
    }

    /** A character inside a request target: visible or above ASCII. */
    static boolean isTarget(byte b) {
        return (CLASS[b & 0xff] & TARGET) != 0;
    }

    /** A character inside host and port (RFC 3986, section 3.2.2). */
    static boolean isHost(byte b) {
        return (CLASS[b & 0xff] & HOST) != 0;
    }

    /** A character that stands in a normalised path for itself; neither dot nor slash depend on their neighbours here. */
    static boolean isPlainPath(byte b) {
        return (CLASS[b & 0xff] & PATH) != 0;
    }

    /** Space or tab. */
    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The index of the first LF in a range, or -1. */
    static int indexOfLf(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long difference = (long) WORD.get(bytes, i) ^ EVERY_LF;
            long found = (difference - EVERY_ONE) & ~difference & EVERY_HIGH;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Whether a range is {@code lower}, a text of lower-case letters, ignoring the case of the range's letters. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(bytes[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a range is {@code lower}, an ASCII text of lower-case letters, ignoring the case of the range's letters. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower(bytes[from + i]) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether two ranges of one array are equal, ignoring the case of letters. */
    static boolean sameIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /** A letter in lower case, anything else as it is. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** The octets of a text that holds none above 255. */
    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text of a range, one character for each octet: total and reversible, so that no two values look alike. */
    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            int bits = 0;
            if (alphanumeric || c < 128 && c > 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                bits |= TOKEN;
            }
            if (c == '\t' || c >= ' ' && c != 0x7f) {
                bits |= VALUE;
            }
            if (c > ' ' && c != 0x7f) {
                bits |= TARGET;
            }
            if (alphanumeric || c < 128 && c > 0 && "-._~!$&'()*+;=:[]%".indexOf(c) >= 0) {
                bits |= HOST;
            }
            if (c > ' ' && c < 0x7f && "%\\\"<>`{}".indexOf(c) < 0) {
                bits |= PATH;
            }
            classes[c] = (byte) bits;
        }
        return classes;
    }
}
