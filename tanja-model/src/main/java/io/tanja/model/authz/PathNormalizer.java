package io.tanja.model.authz;

/**
 * Brings a request's path into the one form that policies are compared with and the application is sent.
 *
 * <p>Follows Istio's normalisation BASE (Envoy's {@code normalize_path}, RFC 3986 section 6.2.2): escapes of letters,
 * digits and {@code - . _ ~} are resolved, once; a backslash becomes a slash; dot segments are resolved; characters that
 * may not stand in a path are escaped. Repeated slashes and <code>%2F</code> stay. Refused are: a fragment, NUL, control
 * characters, a malformed escape (which Envoy lets pass), and a path that does not begin with a slash.
 */
public final class PathNormalizer {
    private static final String HEX = "0123456789ABCDEF";

    private PathNormalizer() {}

    /**
     * Normalises the path of a request target; its query stays as it is. The same object is returned if there is nothing
     * to do.
     *
     * @param target path and query as sent, or {@code *}
     * @throws IllegalArgumentException if it must be refused; the message says why and holds nothing of the target
     */
    public static String normalize(String target) {
        if (target.equals("*")) {
            return target;
        }
        if (target.indexOf('#') >= 0) {
            throw new IllegalArgumentException("the path has a fragment");
        }
        if (target.isEmpty() || target.charAt(0) != '/' && target.charAt(0) != '\\') {
            throw new IllegalArgumentException("the path does not begin with /");
        }
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (isNormal(target, end)) {
            return target;
        }
        StringBuilder out = new StringBuilder(target.length());
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '%') {
                escape(target, i, end, out);
                i += 2;
            } else if (c == '\\') {
                out.append('/');
            } else if (c <= ' ' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("the path has a character that must be escaped");
            } else if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        String resolved = withoutDotSegments(out);
        return query < 0 ? resolved : resolved + target.substring(query);
    }

    /** The path of a target without its query. */
    public static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static boolean isNormal(String target, int end) {
        char previous = 0;
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '%' || c == '\\' || c == '.' && previous == '/' || !isPlain(c)) {
                return false;
            }
            previous = c;
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c > ' '
                && c < 0x7f
                && switch (c) {
                    case '"', '<', '>', '`', '{', '}' -> false;
                    default -> true;
                };
    }

    private static void escape(String target, int at, int end, StringBuilder out) {
        int high = at + 2 < end ? digit(target.charAt(at + 1)) : -1;
        int low = at + 2 < end ? digit(target.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("the path has a malformed escape");
        }
        char decoded = (char) (high << 4 | low);
        if (decoded == 0) {
            throw new IllegalArgumentException("the path has an escaped NUL");
        }
        if (isUnreserved(decoded)) {
            out.append(decoded);
        } else {
            out.append(target, at, at + 3);
        }
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** RFC 3986 section 5.2.4: {@code ..} never leaves the root, and a last dot segment leaves a slash. */
    private static String withoutDotSegments(CharSequence path) {
        StringBuilder out = new StringBuilder(path.length());
        int length = path.length();
        int i = 0;
        while (i < length) {
            int end = i + 1;
            while (end < length && path.charAt(end) != '/') {
                end++;
            }
            boolean one = end - i == 2 && path.charAt(i + 1) == '.';
            boolean two = end - i == 3 && path.charAt(i + 1) == '.' && path.charAt(i + 2) == '.';
            if (two) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            }
            if (!one && !two) {
                out.append(path, i, end);
            } else if (end == length) {
                out.append('/');
            }
            i = end;
        }
        return out.toString();
    }
}
