package io.tanja.proxy.http;

import org.jspecify.annotations.Nullable;

/** What Content-Length and Transfer-Encoding say together (RFC 9112, section 6.3), with every ambiguity refused. */
final class BodyLength {
    /** Neither is there. */
    static final long UNSTATED = -1;
    /** The body is chunked. */
    static final long CHUNKED = -2;

    private static final byte[] CHUNKED_CODING = Octets.of("chunked");
    private static final int MAX_DIGITS = 18;

    private long length = UNSTATED;

    /** The number of octets, {@link #UNSTATED} or {@link #CHUNKED}. */
    long length() {
        return length;
    }

    /** Reads both fields. */
    @Nullable
    Defect read(byte[] head, HeadFields fields, boolean http10) {
        length = UNSTATED;
        boolean coded = fields.has(KnownField.TRANSFER_ENCODING);
        int lengthField = fields.indexOf(KnownField.CONTENT_LENGTH);
        if (coded) {
            return readCoding(fields, http10, lengthField >= 0);
        }
        if (lengthField < 0) {
            return null;
        }
        if (fields.hasTwice(KnownField.CONTENT_LENGTH)) {
            return Defect.LENGTH_TWICE;
        }
        return readLength(head, fields.valueStart(lengthField), fields.valueEnd(lengthField));
    }

    private @Nullable Defect readCoding(HeadFields fields, boolean http10, boolean withLength) {
        if (withLength) {
            return Defect.LENGTH_AND_CODING;
        }
        if (fields.hasTwice(KnownField.TRANSFER_ENCODING)) {
            return Defect.CODING_TWICE;
        }
        if (!fields.valueIs(fields.indexOf(KnownField.TRANSFER_ENCODING), CHUNKED_CODING)) {
            return Defect.CODING_UNKNOWN;
        }
        if (http10) {
            return Defect.CODING_IN_10;
        }
        length = CHUNKED;
        return null;
    }

    private @Nullable Defect readLength(byte[] head, int from, int to) {
        if (to == from || to - from > MAX_DIGITS) {
            return Defect.LENGTH_INVALID;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return Defect.LENGTH_INVALID;
            }
            value = value * 10 + digit;
        }
        length = value;
        return null;
    }
}
