package io.tanja.lab.pcap;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One TCP segment.
 *
 * @param timestampNanos when it was captured
 * @param source sender
 * @param destination receiver
 * @param sequence sequence number of the first payload byte (of the SYN, if it has one)
 * @param syn SYN flag
 * @param ack ACK flag
 * @param fin FIN flag
 * @param rst RST flag
 * @param payload the bytes it carries, as far as they were captured
 * @param missing payload bytes that the capture cut off
 */
public record TcpSegment(
        long timestampNanos,
        InetSocketAddress source,
        InetSocketAddress destination,
        int sequence,
        boolean syn,
        boolean ack,
        boolean fin,
        boolean rst,
        ByteBuffer payload,
        int missing) {}
