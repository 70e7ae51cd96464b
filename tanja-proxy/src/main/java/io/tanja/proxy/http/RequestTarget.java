package io.tanja.proxy.http;

import io.tanja.model.authz.PathNormalizer;
import org.jspecify.annotations.Nullable;

/**
 * The request target, taken apart (RFC 9112, section 3.2). The absolute form is accepted and becomes the origin form,
 * since no upstream here is a proxy. Made once for each event loop and filled again for each request.
 */
final class RequestTarget {
    private static final byte[] HTTP = Octets.of("http://");
    private static final byte[] HTTPS = Octets.of("https://");
    private static final byte[] ROOT = {'/'};
    private static final byte[] ASTERISK = {'*'};

    /** Where the target stands. */
    int start;

    int end;

    /** Where the host and port of an absolute target stand; equal if it has none. */
    int authorityStart;

    int authorityEnd;

    /** The path if it differs from the bytes between {@link #pathStart} and {@link #pathEnd}. */
    byte @Nullable [] rewritten;

    int pathStart;
    int pathEnd;

    /** Forgets the target. */
    void clear() {
        start = 0;
        end = 0;
        pathStart = 0;
        pathEnd = 0;
        authorityStart = 0;
        authorityEnd = 0;
        rewritten = null;
    }

    /** Takes apart what stands in a range; it holds target characters only. */
    @Nullable
    Defect read(byte[] head, int from, int to, String method) {
        start = from;
        end = to;
        authorityStart = from;
        authorityEnd = from;
        rewritten = null;
        for (int i = from; i < to; i++) {
            if (head[i] == '#') {
                return Defect.FRAGMENT;
            }
        }
        boolean options = method.equals("OPTIONS");
        if (head[from] == '/') {
            return readPath(head, from);
        }
        if (to - from == 1 && head[from] == '*') {
            pathStart = from;
            pathEnd = to;
            return options ? null : Defect.TARGET;
        }
        int scheme = schemeLength(head, from, to);
        if (scheme == 0) {
            return Defect.TARGET;
        }
        return readAbsolute(head, from + scheme, options);
    }

    /** Whether the upstream gets the target exactly as it came. */
    boolean unchanged() {
        return rewritten == null && pathStart == start;
    }

    /** The path as policies see it. */
    String path(byte[] head) {
        byte[] path = rewritten;
        return path == null ? Octets.text(head, pathStart, pathEnd) : Octets.text(path, 0, path.length);
    }

    private @Nullable Defect readAbsolute(byte[] head, int from, boolean options) {
        int at = from;
        while (at < end && head[at] != '/' && head[at] != '?' && head[at] != '\\') {
            if (!Octets.isHost(head[at])) {
                return Defect.TARGET;
            }
            at++;
        }
        if (at == from) {
            return Defect.TARGET;
        }
        authorityStart = from;
        authorityEnd = at;
        if (at < end && head[at] == '/') {
            return readPath(head, at);
        }
        if (at < end && head[at] == '\\') {
            return Defect.TARGET;
        }
        pathStart = at;
        pathEnd = at;
        rewritten = options && at == end ? ASTERISK : ROOT;
        return null;
    }

    private @Nullable Defect readPath(byte[] head, int from) {
        int at = from;
        while (at < end && head[at] != '?') {
            at++;
        }
        pathStart = from;
        pathEnd = at;
        return isNormal(head, from, at) ? null : normalize(head, from, at);
    }

    /** Whether the path is surely in the form that policies judge; if not, the slow way finds out. */
    private static boolean isNormal(byte[] head, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.isPlainPath(head[i]) || head[i] == '.' && head[i - 1] == '/') {
                return false;
            }
        }
        return true;
    }

    private @Nullable Defect normalize(byte[] head, int from, int to) {
        String path = Octets.text(head, from, to);
        try {
            String normal = PathNormalizer.normalize(path);
            rewritten = normal.equals(path) ? null : Octets.of(normal);
            return null;
        } catch (IllegalArgumentException e) {
            return Defect.PATH;
        }
    }

    private static int schemeLength(byte[] head, int from, int to) {
        for (byte[] scheme : new byte[][] {HTTP, HTTPS}) {
            if (to - from > scheme.length && Octets.equalsIgnoreCase(head, from, from + scheme.length, scheme)) {
                return scheme.length;
            }
        }
        return 0;
    }
}
