package io.tanja.xds.grpc;

import java.nio.charset.StandardCharsets;

/** The text of {@code grpc-message}: UTF-8 with {@code %XX} escapes. What is no escape stands for itself. */
final class PercentText {
    private PercentText() {}

    static String decode(CharSequence text) {
        byte[] out = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length()) {
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    out[length++] = (byte) (high << 4 | low);
                    i += 2;
                    continue;
                }
            }
            out[length++] = (byte) (c < 0x80 ? c : '?');
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
