package io.tanja.lab.pcap;

import java.nio.ByteBuffer;

/**
 * One captured frame.
 *
 * @param timestampNanos when it was captured, nanoseconds since the epoch
 * @param linkType the pcap link type of the frame
 * @param data the captured bytes, from the link layer on
 * @param originalLength how long the frame was on the wire; more than {@code data} if it was cut
 */
public record Packet(long timestampNanos, int linkType, ByteBuffer data, int originalLength) {
    /** Whether the capture kept only the beginning of the frame. */
    public boolean truncated() {
        return originalLength > data.remaining();
    }
}
