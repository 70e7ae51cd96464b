package io.tanja.proxy.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Brings a path to the one form that policies judge and the upstream gets. The form is Istio's {@code BASE}: RFC 3986,
 * section 6.2.2 (escaped unreserved characters unescaped, dot segments removed), and backslashes turned into slashes.
 * Slashes are neither merged nor unescaped. Octets above ASCII are escaped.
 */
final class PathNormalizer {
    private static final byte[] DIGITS = Octets.of("0123456789ABCDEF");

    private PathNormalizer() {}

    /** Whether the path in a range is in that form already. */
    static boolean isNormal(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '%' || b == '\\' || b < 0 || b == '.' && bytes[i - 1] == '/') {
                // A dot after a slash is mostly harmless, an escape too; the slow way finds out.
                return false;
            }
        }
        return true;
    }

    /**
     * The path in that form; null if it holds an escaped NUL, or if unescaping it makes a new escape, so that the next
     * reader would see another path.
     */
    static byte @Nullable [] normalize(byte[] bytes, int from, int to) {
        byte[] once = pass(bytes, from, to);
        if (once == null || isNormal(once, 0, once.length)) {
            return once;
        }
        return Arrays.equals(once, pass(once, 0, once.length)) ? once : null;
    }

    private static byte @Nullable [] pass(byte[] bytes, int from, int to) {
        byte[] plain = new byte[(to - from) * 3];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\\') {
                plain[length++] = '/';
            } else if (b < 0) {
                plain[length++] = '%';
                plain[length++] = DIGITS[b >> 4 & 0xf];
                plain[length++] = DIGITS[b & 0xf];
            } else if (b == '%' && escape(bytes, i, to) == 0) {
                return null;
            } else if (b == '%' && escape(bytes, i, to) > 0 && Octets.isUnreserved((byte) escape(bytes, i, to))) {
                plain[length++] = (byte) escape(bytes, i, to);
                i += 2;
            } else {
                plain[length++] = b;
            }
        }
        return removeDotSegments(plain, length);
    }

    /** The ASCII octet that the escape at an index stands for; -1 if there is no escape, or none in ASCII. */
    private static int escape(byte[] bytes, int at, int to) {
        if (at + 2 >= to) {
            return -1;
        }
        int high = Octets.hex(bytes[at + 1]);
        int low = Octets.hex(bytes[at + 2]);
        return high < 0 || low < 0 || high > 7 ? -1 : high << 4 | low;
    }

    /** RFC 3986, section 5.2.4, in place: the path begins with a slash, and stays so. */
    private static byte[] removeDotSegments(byte[] path, int length) {
        int out = 0;
        int at = 0;
        while (at < length) {
            int next = at + 1;
            while (next < length && path[next] != '/') {
                next++;
            }
            boolean last = next == length;
            if (isDots(path, at, next, 1)) {
                if (last) {
                    path[out++] = '/';
                }
            } else if (isDots(path, at, next, 2)) {
                do {
                    out = Math.max(out - 1, 0);
                } while (out > 0 && path[out] != '/');
                if (last) {
                    path[out++] = '/';
                }
            } else {
                System.arraycopy(path, at, path, out, next - at);
                out += next - at;
            }
            at = next;
        }
        if (out == 0) {
            path[out++] = '/';
        }
        return Arrays.copyOf(path, out);
    }

    private static boolean isDots(byte[] path, int slash, int next, int dots) {
        return next - slash == 1 + dots && path[slash + 1] == '.' && path[next - 1] == '.';
    }
}
