package io.tanja.proxy.http;

import io.netty.buffer.ByteBuf;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Finds the heads of requests, and notes when each began to come. One writer: the connection's event loop. */
final class RequestReader extends HeadReader {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private boolean begun;
    private boolean blankSkipped;
    private long beganMillis;
    private long beganNanos;

    RequestReader(int maxHead, InstantSource clock, LongSupplier nanoTime) {
        super(maxHead);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Whether a part of a head is there. */
    boolean begun() {
        return begun;
    }

    /** When the first octet of the head was read, in epoch milliseconds. */
    long beganMillis() {
        return beganMillis;
    }

    /** When the first octet of the head was read, as {@link System#nanoTime()} tells it. */
    long beganNanos() {
        return beganNanos;
    }

    /** The head was dealt with; what follows is another. */
    void headDone() {
        begun = false;
        blankSkipped = false;
    }

    /** Looks for a whole head; see {@link HeadReader#find}. */
    int findRequest(byte[] scratch) {
        if (!skipBlankLine() || readableBytes() == 0) {
            return INCOMPLETE;
        }
        if (!begun) {
            begun = true;
            beganMillis = clock.millis();
            beganNanos = nanoTime.getAsLong();
        }
        return find(scratch);
    }

    /** One empty line before a request is forgiven (RFC 9112, section 2.2); false if it may be half there. */
    private boolean skipBlankLine() {
        ByteBuf bytes = pending();
        if (blankSkipped || begun || bytes == null || bytes.getByte(bytes.readerIndex()) != '\r') {
            return true;
        }
        if (bytes.readableBytes() == 1) {
            return false;
        }
        if (bytes.getByte(bytes.readerIndex() + 1) == '\n') {
            skip(2);
            blankSkipped = true;
        }
        return true;
    }
}
