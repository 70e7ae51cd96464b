package io.tanja.pki.der;

import java.util.Arrays;

/**
 * Reads DER (ITU-T X.690) strictly: definite minimal lengths and single-octet tags only, nothing beyond the end of the
 * surrounding element. Not safe for use by several threads.
 */
public final class DerReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    /** Reads all of {@code bytes}, which must not change meanwhile. */
    public DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    /** Whether an element follows. */
    public boolean hasNext() {
        return position < end;
    }

    /**
     * The identifier octet of the element that follows.
     *
     * @throws DerException if there is none
     */
    public int peekTag() {
        if (position >= end) {
            throw new DerException("an element is missing at offset " + position);
        }
        return bytes[position] & 0xff;
    }

    /**
     * Steps into the next element and over it.
     *
     * @return a reader of its contents
     * @throws DerException if it has another tag or is malformed
     */
    public DerReader enter(int tag) {
        int found = peekTag();
        if (found != tag) {
            throw new DerException(
                    "expected the tag 0x%02x at offset %d, found 0x%02x".formatted(tag, position, found));
        }
        int start = position;
        position++;
        int length = length(start);
        DerReader inside = new DerReader(bytes, position, position + length);
        position += length;
        return inside;
    }

    /** A copy of what is left in this element. */
    public byte[] remaining() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    /** @throws DerException if something is left in this element */
    public void requireEnd() {
        if (position != end) {
            throw new DerException((end - position) + " unexpected bytes at offset " + position);
        }
    }

    private int length(int start) {
        int first = octet(start);
        if (first < 0x80) {
            return within(first, start);
        }
        int octets = first & 0x7f;
        if (octets == 0 || octets > 3) {
            throw new DerException("the length at offset " + start + " is indefinite or over 16 MiB");
        }
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | octet(start);
        }
        if (length < 0x80 || octets > 1 && length >>> (octets - 1) * 8 == 0) {
            throw new DerException("the length at offset " + start + " is not minimal");
        }
        return within(length, start);
    }

    private int octet(int start) {
        if (position >= end) {
            throw new DerException("the element at offset " + start + " is cut off in its length");
        }
        return bytes[position++] & 0xff;
    }

    private int within(int length, int start) {
        if (length > end - position) {
            throw new DerException("the element at offset " + start + " says it has " + length + " bytes, only "
                    + (end - position) + " follow");
        }
        return length;
    }
}
