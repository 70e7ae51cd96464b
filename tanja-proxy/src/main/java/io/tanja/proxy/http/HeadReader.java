package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one direction that are not dealt with yet, and how far they have been searched for the end of a head. What
 * was searched is not searched again, so a head that trickles in costs no more than one that comes whole. One writer:
 * the connection's event loop.
 */
class HeadReader {
    /** The head is not whole yet. */
    static final int INCOMPLETE = -1;
    /** The head can never become valid: see {@link #defect()}. */
    static final int MALFORMED = -2;

    private final int maxHead;
    private @Nullable ByteBuf pending;
    private int searched;
    private int lineStart;
    private @Nullable Defect defect;

    HeadReader(int maxHead) {
        this.maxHead = maxHead;
    }

    /** Adds bytes; takes them over. */
    final void add(ByteBufAllocator allocator, ByteBuf bytes) {
        ByteBuf before = pending;
        if (before == null && bytes.isReadable()) {
            pending = bytes;
            return;
        }
        if (before == null) {
            bytes.release();
            return;
        }
        try {
            if (before.maxFastWritableBytes() >= bytes.readableBytes() && before.refCnt() == 1) {
                before.writeBytes(bytes);
            } else {
                int size = before.readableBytes() + bytes.readableBytes();
                pending = allocator.buffer(size * 2).writeBytes(before).writeBytes(bytes);
                before.release();
            }
        } finally {
            bytes.release();
        }
    }

    /** What is not dealt with yet; null if nothing is. */
    final @Nullable ByteBuf pending() {
        return pending;
    }

    final int readableBytes() {
        ByteBuf current = pending;
        return current == null ? 0 : current.readableBytes();
    }

    /** Gives the pending bytes away; the caller releases them. */
    final @Nullable ByteBuf takeAll() {
        ByteBuf all = pending;
        pending = null;
        restart();
        return all;
    }

    /** Takes the first {@code length} of the pending bytes out; the caller releases them. */
    final ByteBuf take(int length) {
        ByteBuf all = pending;
        if (all == null) {
            throw new IllegalStateException("nothing is pending");
        }
        restart();
        if (all.readableBytes() == length) {
            pending = null;
            return all;
        }
        return all.readRetainedSlice(length);
    }

    /** How many of the pending bytes after a head belong to its body, or -1 if that is malformed. */
    final int takeBody(MessageBody body, int headLength) {
        ByteBuf all = pending;
        if (all == null) {
            return 0;
        }
        int start = all.readerIndex();
        try {
            return body.take(all.readerIndex(start + headLength), null);
        } finally {
            all.readerIndex(start);
        }
    }

    /** Skips pending bytes. */
    final void skip(int length) {
        if (length > 0) {
            take(length).release();
        }
    }

    final void release() {
        ByteBuf all = takeAll();
        if (all != null) {
            all.release();
        }
    }

    /**
     * Looks for the end of the head at the beginning of the pending bytes, and copies the head to {@code scratch} once it
     * is whole.
     *
     * @param scratch at least {@code maxHead} long
     * @return the head's length with its empty line, {@link #INCOMPLETE} or {@link #MALFORMED}
     */
    final int find(byte[] scratch) {
        ByteBuf bytes = pending;
        if (bytes == null) {
            return INCOMPLETE;
        }
        int start = bytes.readerIndex();
        int length = Math.min(bytes.readableBytes(), maxHead);
        int copied = Math.max(searched - 1, 0);
        bytes.getBytes(start + copied, scratch, copied, length - copied);
        if (length > 0 && cannotBegin(scratch[0])) {
            return malformed(Defect.REQUEST_LINE);
        }
        for (int at = searched; ; ) {
            int lf = Octets.indexOfLf(scratch, at, length);
            if (lf < 0) {
                searched = length;
                return incomplete(bytes.readableBytes());
            }
            if (lf == 0 || scratch[lf - 1] != '\r') {
                return malformed(Defect.BARE_LF);
            }
            if (lf - lineStart == 1) {
                bytes.getBytes(start, scratch, 0, copied);
                return lf + 1;
            }
            at = lf + 1;
            lineStart = at;
        }
    }

    /** TLS and most binary protocols show themselves at once; their callers need not wait for a line that never ends. */
    private static boolean cannotBegin(byte first) {
        return first <= ' ' && first != '\r' && first != '\n' || first == 0x7f;
    }

    /** What is wrong, after {@link #MALFORMED}. */
    final Defect defect() {
        return defect == null ? Defect.BARE_LF : defect;
    }

    private int incomplete(int readable) {
        if (readable < maxHead) {
            return INCOMPLETE;
        }
        return malformed(lineStart == 0 ? Defect.LINE_TOO_LARGE : Defect.HEAD_TOO_LARGE);
    }

    private int malformed(Defect found) {
        defect = found;
        return MALFORMED;
    }

    private void restart() {
        searched = 0;
        lineStart = 0;
    }
}
