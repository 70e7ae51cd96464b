package io.tanja.proxy.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way of one event loop's lines to the writer: two chunks of bytes that change hands. Whoever has taken a chunk out of
 * its slot owns it, so neither side ever waits for the other. Lines stay in order: the writer takes the second chunk only
 * after it has given back the first.
 */
final class AccessLogLane {
    private final LineFormat format;
    private final int capacity;
    private final LineBuffer line = new LineBuffer(2048);
    private final AtomicReference<@Nullable Chunk> filling = new AtomicReference<>();
    private final AtomicReference<@Nullable Chunk> spare = new AtomicReference<>();
    private final AtomicReference<@Nullable Chunk> otherSpare = new AtomicReference<>();
    private final AtomicLong dropped = new AtomicLong();
    private int made;
    private boolean isPressing;

    AccessLogLane(LineFormat format, int capacity) {
        this.format = format;
        this.capacity = capacity;
    }

    long dropped() {
        return dropped.get();
    }

    /** On the owning event loop. */
    void request(RequestRecord request) {
        line.clear();
        format.request(line, request);
        append();
    }

    /** On the owning event loop. */
    void connection(ConnectionRecord connection, long endNanos) {
        if (format.wants(connection)) {
            line.clear();
            format.connection(line, connection, endNanos);
            append();
        }
    }

    /** Whether the chunk that was filled last is more than half full. On the owning event loop. */
    boolean isPressing() {
        return isPressing;
    }

    private void append() {
        Chunk chunk = filling.getAndSet(null);
        if (chunk == null) {
            chunk = spare.getAndSet(null);
        }
        if (chunk == null) {
            chunk = otherSpare.getAndSet(null);
        }
        if (chunk == null && made < 2) {
            made++;
            chunk = new Chunk(capacity);
        }
        if (chunk == null) {
            dropped.incrementAndGet();
            return;
        }
        if (capacity - chunk.length >= line.length()) {
            line.copyTo(chunk.bytes, chunk.length);
            chunk.length += line.length();
            chunk.lines++;
        } else {
            dropped.incrementAndGet();
        }
        isPressing = chunk.length > capacity / 2;
        filling.set(chunk);
    }

    /** On the writer's thread: what there is to write, or null. */
    @Nullable
    Chunk take() {
        return filling.getAndSet(null);
    }

    /** On the writer's thread: the chunk of {@link #take} may be filled again. */
    void giveBack(Chunk chunk) {
        chunk.length = 0;
        chunk.lines = 0;
        // Both chunks may rest: the event loop takes a spare one only when it has nothing to fill.
        if (!spare.compareAndSet(null, chunk)) {
            otherSpare.set(chunk);
        }
    }

    /** Lines one after the other. One owner at a time. */
    static final class Chunk {
        final byte[] bytes;
        int length;
        int lines;

        Chunk(int capacity) {
            bytes = new byte[capacity];
        }
    }
}
