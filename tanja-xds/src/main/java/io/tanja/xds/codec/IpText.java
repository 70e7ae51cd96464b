package io.tanja.xds.codec;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** IP addresses as text in RFC 5952's form, which Go and Rust print and {@link InetAddress#getHostAddress()} does not. */
final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : v6(bytes);
    }

    /** Reads a literal, never a name; null if the text is none. */
    static @Nullable InetAddress parse(String text) {
        boolean v4 = text.indexOf(':') < 0;
        // ofLiteral also takes BSD's shortened forms such as 127.1, which no policy means.
        if (v4 && text.chars().filter(c -> c == '.').count() != 3 || text.indexOf('%') >= 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String v6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int length = 1; // section 4.2.2: a single zero group is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && groups[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
                continue;
            }
            if (i > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
