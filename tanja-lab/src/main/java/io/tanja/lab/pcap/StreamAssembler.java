package io.tanja.lab.pcap;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts one direction of a TCP connection together again: in order, each byte once, however often and in whatever order
 * its segments were captured (tcpdump on "any" sees each packet on every interface that it crosses). Where retransmitted
 * segments differ, the bytes seen first count. Used by one thread.
 */
public final class StreamAssembler {
    /** Bytes that wait for an earlier segment; beyond it the hole is given up. */
    private static final int MAX_WAITING = 8 << 20;

    /** Receives the bytes of the stream. */
    @FunctionalInterface
    public interface Sink {
        /** Takes the next bytes. */
        void bytes(ByteBuffer bytes);
    }

    private final Sink sink;
    private final TreeMap<Long, ByteBuffer> waiting = new TreeMap<>();
    private int waitingBytes;
    private long next;
    private boolean started;
    private boolean sawStart;
    private long missingBytes;
    private @Nullable Long finAt;

    /** Makes one that hands its bytes to {@code sink}. */
    public StreamAssembler(Sink sink) {
        this.sink = sink;
    }

    /** Takes a segment of this direction. */
    public void segment(TcpSegment segment) {
        if (!started) {
            started = true;
            sawStart = segment.syn();
            next = segment.sequence() & 0xffff_ffffL;
            if (segment.syn()) {
                next++;
            }
        }
        long position = unwrap(segment.sequence()) + (segment.syn() ? 1 : 0);
        int length = segment.payload().remaining();
        if (segment.fin()) {
            finAt = position + length + segment.missing();
        }
        if (length + segment.missing() == 0) {
            return;
        }
        if (position > next) {
            wait(position, segment.payload());
        } else {
            deliver(position, segment.payload(), segment.missing());
        }
        drain();
    }

    /** Gives up all holes; call it at the end of the capture. */
    public void finish() {
        while (!waiting.isEmpty()) {
            skipHole();
        }
        if (finAt != null && finAt > next) {
            missingBytes += finAt - next;
            next = finAt;
        }
    }

    /** Whether the stream was captured from its SYN on. */
    public boolean sawStart() {
        return sawStart;
    }

    /** Bytes that the connection carried and the capture does not have. */
    public long missingBytes() {
        return missingBytes;
    }

    private long unwrap(int sequence) {
        // The 64-bit position nearest to what is expected next; sequence numbers wrap at 2^32.
        long candidate = (next & ~0xffff_ffffL) | (sequence & 0xffff_ffffL);
        if (candidate - next > 1L << 31) {
            candidate -= 1L << 32;
        } else if (next - candidate > 1L << 31) {
            candidate += 1L << 32;
        }
        return candidate;
    }

    private void wait(long position, ByteBuffer payload) {
        ByteBuffer known = waiting.get(position);
        if (known == null || known.remaining() < payload.remaining()) {
            waitingBytes += payload.remaining() - (known == null ? 0 : known.remaining());
            waiting.put(position, payload);
        }
        while (waitingBytes > MAX_WAITING) {
            skipHole();
        }
    }

    private void skipHole() {
        Map.Entry<Long, ByteBuffer> first = waiting.firstEntry();
        if (first == null) {
            return;
        }
        if (first.getKey() > next) {
            missingBytes += first.getKey() - next;
            next = first.getKey();
        }
        drain();
    }

    private void drain() {
        for (Map.Entry<Long, ByteBuffer> first = waiting.firstEntry();
                first != null && first.getKey() <= next;
                first = waiting.firstEntry()) {
            waiting.remove(first.getKey());
            waitingBytes -= first.getValue().remaining();
            deliver(first.getKey(), first.getValue(), 0);
        }
    }

    private void deliver(long position, ByteBuffer payload, int missing) {
        long known = next - position;
        if (known >= payload.remaining() + (long) missing) {
            return;
        }
        if (known < payload.remaining()) {
            ByteBuffer fresh = payload.slice((int) known, payload.remaining() - (int) known);
            next += fresh.remaining();
            sink.bytes(fresh);
        }
        long end = position + payload.remaining() + missing;
        missingBytes += end - next;
        next = end;
    }
}
