package io.tanja.lab.proof;

import java.nio.charset.StandardCharsets;

/**
 * The first bytes of one direction.
 *
 * @param latin1 the bytes, one character each
 */
public record Excerpt(String latin1) {
    static Excerpt of(byte[] bytes, int length) {
        return new Excerpt(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** The bytes as {@code tcpdump -A} shows them: a dot for what cannot be printed, lines kept; cut at {@code max}. */
    public String printable(int max) {
        StringBuilder out = new StringBuilder(Math.min(max, latin1.length()));
        for (int i = 0; i < latin1.length() && i < max; i++) {
            char c = latin1.charAt(i);
            if (c == '\n' || c >= ' ' && c < 0x7f) {
                out.append(c);
            } else if (c != '\r') {
                out.append('.');
            }
        }
        return out.toString();
    }
}
