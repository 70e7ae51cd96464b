package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chunked body through its bytes without changing them (RFC 9112, section 7.1), in whatever pieces they come.
 * One writer: the event loop of its connection.
 */
final class ChunkScanner {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION = 1024;
    private static final int MAX_TRAILER_NAME = 64;
    private static final long ALLOWED_TRAILERS = KnownField.bits(KnownField.DATE, KnownField.USER_AGENT);

    private enum State {
        SIZE_FIRST,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        FIELD_FIRST,
        FIELD_NAME,
        FIELD_VALUE,
        FIELD_LF,
        LAST_LF,
        END
    }

    private final int maxTrailer;
    private final byte[] name = new byte[MAX_TRAILER_NAME];
    private State state = State.SIZE_FIRST;
    private long remaining;
    private int digits;
    private int extension;
    private int trailer;
    private int nameLength;
    private long dataBytes;
    private @Nullable Defect defect;

    /** Gets the data inside the chunks. */
    interface Data {
        /** {@code length} octets of data begin at {@code index}. */
        void data(ByteBuf bytes, int index, int length);
    }

    ChunkScanner(int maxTrailer) {
        this.maxTrailer = maxTrailer;
    }

    /** Begins a new body. */
    void reset() {
        state = State.SIZE_FIRST;
        remaining = 0;
        digits = 0;
        extension = 0;
        trailer = 0;
        dataBytes = 0;
        defect = null;
    }

    boolean ended() {
        return state == State.END;
    }

    /** Octets of data so far, without their framing. */
    long dataBytes() {
        return dataBytes;
    }

    /** What is wrong, once {@link #scan} has returned -1. */
    @Nullable
    Defect defect() {
        return defect;
    }

    /**
     * Goes on through a range.
     *
     * @param sink gets the data, if it is wanted
     * @return the index after the last octet that belongs to the body, or -1 if the body is malformed
     */
    int scan(ByteBuf bytes, int from, int to, @Nullable Data sink) {
        int at = from;
        while (at < to && state != State.END) {
            if (state == State.DATA) {
                int length = (int) Math.min(remaining, to - at);
                if (sink != null) {
                    sink.data(bytes, at, length);
                }
                at += length;
                remaining -= length;
                dataBytes += length;
                if (remaining == 0) {
                    state = State.DATA_CR;
                }
            } else if (!step(bytes.getByte(at++))) {
                return -1;
            }
        }
        return at;
    }

    private boolean step(byte b) {
        return switch (state) {
            case SIZE_FIRST, SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> sizeEnd(b);
            case DATA_CR -> expect(b, '\r', State.DATA_LF, Defect.CHUNK_END);
            case DATA_LF -> expect(b, '\n', State.SIZE_FIRST, Defect.CHUNK_END);
            case FIELD_FIRST, FIELD_NAME -> fieldName(b);
            case FIELD_VALUE -> fieldValue(b);
            case FIELD_LF -> expect(b, '\n', State.FIELD_FIRST, Defect.BARE_CR);
            case LAST_LF -> expect(b, '\n', State.END, Defect.BARE_CR);
            case DATA, END -> throw new IllegalStateException(state + " takes no octet");
        };
    }

    private boolean size(byte b) {
        int digit = Octets.hex(b);
        if (digit >= 0) {
            if (state == State.SIZE_FIRST) {
                state = State.SIZE;
                digits = 0;
                remaining = 0;
            }
            remaining = remaining << 4 | digit;
            return ++digits <= MAX_SIZE_DIGITS || fail(Defect.CHUNK_SIZE);
        }
        if (state == State.SIZE_FIRST) {
            return fail(Defect.CHUNK_SIZE);
        }
        if (b == ';') {
            state = State.EXTENSION;
            extension = 0;
            return true;
        }
        if (b == '\r') {
            state = State.SIZE_LF;
            return true;
        }
        return fail(b == '\n' ? Defect.BARE_LF : Defect.CHUNK_SIZE);
    }

    private boolean extension(byte b) {
        if (b == '\r') {
            state = State.SIZE_LF;
            return true;
        }
        if (b == '\n') {
            return fail(Defect.BARE_LF);
        }
        return Octets.isValue(b) && ++extension <= MAX_EXTENSION || fail(Defect.CHUNK_EXTENSION);
    }

    private boolean sizeEnd(byte b) {
        return expect(b, '\n', remaining == 0 ? State.FIELD_FIRST : State.DATA, Defect.BARE_CR);
    }

    private boolean fieldName(byte b) {
        if (state == State.FIELD_FIRST) {
            if (b == '\r') {
                state = State.LAST_LF;
                return true;
            }
            state = State.FIELD_NAME;
            nameLength = 0;
        }
        if (++trailer > maxTrailer) {
            return fail(Defect.TRAILER);
        }
        if (b == ':' && nameLength > 0) {
            state = State.FIELD_VALUE;
            return mayTrail() || fail(Defect.TRAILER);
        }
        if (b == '\n') {
            return fail(Defect.BARE_LF);
        }
        if (!Octets.isToken(b)) {
            return fail(Defect.TRAILER);
        }
        if (nameLength < MAX_TRAILER_NAME) {
            name[nameLength++] = b;
        }
        return true;
    }

    /** A field that frames, routes or speaks for a proxy must not come after it was needed (RFC 9110, section 6.5.1). */
    private boolean mayTrail() {
        int known = KnownField.find(name, 0, nameLength);
        return known < 0 || (ALLOWED_TRAILERS & 1L << known) != 0;
    }

    private boolean fieldValue(byte b) {
        if (b == '\r') {
            state = State.FIELD_LF;
            return true;
        }
        if (b == '\n') {
            return fail(Defect.BARE_LF);
        }
        return Octets.isValue(b) && ++trailer <= maxTrailer || fail(Defect.TRAILER);
    }

    private boolean expect(byte b, char wanted, State next, Defect otherwise) {
        if (b != wanted) {
            return fail(otherwise);
        }
        state = next;
        return true;
    }

    private boolean fail(Defect found) {
        defect = found;
        return false;
    }
}
