package io.tanja.lab.pcap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Takes a frame apart down to TCP. Never throws on bad bytes: what is not a whole TCP/IP header gives a
 * {@link Skipped} with the reason, since a proof must be able to say what it did not look at.
 */
public final class Decoder {
    private static final int ETHERNET = 1;
    private static final int RAW = 101;
    private static final int LINUX_SLL = 113;
    private static final int IPV4_RAW = 228;
    private static final int IPV6_RAW = 229;
    private static final int LINUX_SLL2 = 276;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_QINQ = 0x88a8;
    private static final int PROTOCOL_TCP = 6;

    private Decoder() {}

    /** What a frame is. */
    public sealed interface Decoded {}

    /** A TCP segment. */
    public record Tcp(TcpSegment segment) implements Decoded {}

    /** Anything else. */
    public record Skipped(Reason reason) implements Decoded {}

    /** Why a frame is not a TCP segment. */
    public enum Reason {
        /** ARP, IPv6 neighbour discovery, UDP and the like. */
        NOT_TCP,
        /** A link type that this reader does not know. */
        UNKNOWN_LINK_TYPE,
        /** An IP fragment: its TCP stream cannot be judged whole. */
        FRAGMENT,
        /** Headers that end early or contradict themselves. */
        MALFORMED
    }

    /** Takes one frame apart. */
    public static Decoded decode(Packet packet) {
        ByteBuffer b = packet.data().duplicate();
        try {
            return switch (packet.linkType()) {
                case ETHERNET -> network(packet, b, etherType(b, 12));
                case LINUX_SLL -> network(packet, b, at(b, 16).getShort(14) & 0xffff);
                case LINUX_SLL2 -> network(packet, b, at(b, 20).getShort(0) & 0xffff);
                case RAW, IPV4_RAW, IPV6_RAW ->
                    network(packet, b, b.get(b.position()) >>> 4 == 4 ? TYPE_IPV4 : TYPE_IPV6);
                default -> new Skipped(Reason.UNKNOWN_LINK_TYPE);
            };
        } catch (IndexOutOfBoundsException | IllegalArgumentException endsEarly) {
            return new Skipped(Reason.MALFORMED);
        }
    }

    private static ByteBuffer at(ByteBuffer b, int position) {
        return b.position(position);
    }

    private static int etherType(ByteBuffer b, int offset) {
        int position = offset;
        int type = b.getShort(position) & 0xffff;
        while (type == TYPE_VLAN || type == TYPE_QINQ) {
            position += 4;
            type = b.getShort(position) & 0xffff;
        }
        b.position(position + 2);
        return type;
    }

    private static Decoded network(Packet packet, ByteBuffer b, int type) {
        return switch (type) {
            case TYPE_IPV4 -> ipv4(packet, b);
            case TYPE_IPV6 -> ipv6(packet, b);
            default -> new Skipped(Reason.NOT_TCP);
        };
    }

    private static Decoded ipv4(Packet packet, ByteBuffer b) {
        int start = b.position();
        int headerLength = (b.get(start) & 0xf) * 4;
        int totalLength = b.getShort(start + 2) & 0xffff;
        if (b.get(start) >>> 4 != 4 || headerLength < 20) {
            return new Skipped(Reason.MALFORMED);
        }
        int fragment = b.getShort(start + 6) & 0x3fff;
        if (b.get(start + 9) != PROTOCOL_TCP) {
            return new Skipped(Reason.NOT_TCP);
        }
        if (fragment != 0) {
            return new Skipped(Reason.FRAGMENT);
        }
        InetAddress source = address(b, start + 12, 4);
        InetAddress destination = address(b, start + 16, 4);
        // Segmentation offload leaves a zero total length on frames over 64 KiB: the frame's own length counts then.
        int end = totalLength == 0 ? start + originalRemaining(packet, start) : start + totalLength;
        return tcp(packet, b, start + headerLength, end, source, destination);
    }

    private static Decoded ipv6(Packet packet, ByteBuffer b) {
        int start = b.position();
        if ((b.get(start) & 0xff) >>> 4 != 6) {
            return new Skipped(Reason.MALFORMED);
        }
        int payload = b.getShort(start + 4) & 0xffff;
        int end = payload == 0 ? start + originalRemaining(packet, start) : start + 40 + payload;
        InetAddress source = address(b, start + 8, 16);
        InetAddress destination = address(b, start + 24, 16);
        int next = b.get(start + 6) & 0xff;
        int position = start + 40;
        // Hop-by-hop, routing and destination options (RFC 8200, section 4) say their length in 8-byte units.
        while (next == 0 || next == 43 || next == 60) {
            next = b.get(position) & 0xff;
            position += ((b.get(position + 1) & 0xff) + 1) * 8;
        }
        if (next == 44) {
            return new Skipped(Reason.FRAGMENT);
        }
        return next == PROTOCOL_TCP ? tcp(packet, b, position, end, source, destination) : new Skipped(Reason.NOT_TCP);
    }

    private static int originalRemaining(Packet packet, int networkStart) {
        return packet.originalLength() - networkStart;
    }

    private static Decoded tcp(
            Packet packet, ByteBuffer b, int start, int end, InetAddress source, InetAddress destination) {
        int headerLength = ((b.get(start + 12) & 0xf0) >>> 4) * 4;
        int payloadStart = start + headerLength;
        if (headerLength < 20 || payloadStart > end) {
            return new Skipped(Reason.MALFORMED);
        }
        int flags = b.get(start + 13);
        int capturedEnd = Math.min(end, b.limit());
        ByteBuffer payload =
                capturedEnd > payloadStart ? b.slice(payloadStart, capturedEnd - payloadStart) : b.slice(0, 0);
        return new Tcp(new TcpSegment(
                packet.timestampNanos(),
                new InetSocketAddress(source, b.getShort(start) & 0xffff),
                new InetSocketAddress(destination, b.getShort(start + 2) & 0xffff),
                b.getInt(start + 4),
                (flags & 0x02) != 0,
                (flags & 0x10) != 0,
                (flags & 0x01) != 0,
                (flags & 0x04) != 0,
                payload,
                end - payloadStart - payload.remaining()));
    }

    private static InetAddress address(ByteBuffer b, int position, int length) {
        byte[] bytes = new byte[length];
        b.get(position, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
