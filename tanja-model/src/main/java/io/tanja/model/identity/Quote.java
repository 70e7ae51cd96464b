package io.tanja.model.identity;

/** Makes text from a peer safe to put into a message or a log line. */
public final class Quote {
    private static final int MAX_LENGTH = 300;

    private Quote() {}

    /** Returns {@code text} with control and non-ASCII characters escaped as {@code \}{@code uXXXX}, cut at 300 characters. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 8);
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_LENGTH) {
                return out.append("...").toString();
            }
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                out.append(c);
            } else {
                out.append("\\u").append(Character.forDigit(c >> 12, 16));
                out.append(Character.forDigit(c >> 8 & 0xf, 16)).append(Character.forDigit(c >> 4 & 0xf, 16));
                out.append(Character.forDigit(c & 0xf, 16));
            }
        }
        return out.toString();
    }
}
