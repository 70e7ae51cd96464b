package io.tanja.pki.pem;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One PEM block (RFC 7468). Two blocks are equal only if they are the same object, as the contents may be a key.
 *
 * @param label what stands after {@code BEGIN}, such as {@code CERTIFICATE}
 * @param line the line of {@code BEGIN}, counted from 1
 * @param der the contents; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record PemBlock(String label, int line, byte[] der) {
    private static final Base64.Encoder LINES_OF_64 =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /** The PEM text of {@code der} under {@code label}, ending in a line feed. */
    public static String text(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES_OF_64.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Label and length, never the contents. */
    @Override
    public String toString() {
        return label + " (" + der.length + " bytes, line " + line + ")";
    }
}
