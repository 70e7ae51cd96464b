package io.tanja.lab.proof;

import java.nio.charset.StandardCharsets;

/**
 * Bytes that are known to have been sent, such as a header of the request: where they are found on the wire, the
 * connection was readable, whatever else it looks like.
 *
 * @param label what they are, for reports
 * @param text the bytes, as Latin-1 text; 8 to 256 of them, so that they cannot turn up by chance
 */
public record Needle(String label, String text) {
    /** @throws IllegalArgumentException if the text is too short or too long */
    public Needle {
        if (text.length() < 8 || text.length() > 256) {
            throw new IllegalArgumentException(
                    "a search text must have 8 to 256 bytes, \"" + label + "\" has " + text.length());
        }
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
