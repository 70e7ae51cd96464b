package io.tanja.lab.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a classic pcap file (draft-ietf-opsawg-pcap, sections 4 and 5) packet by packet: both byte orders, microsecond
 * and nanosecond timestamps. A file that is cut off in the middle of a packet, as a killed tcpdump leaves it, ends
 * before that packet and says so by {@link #cutOff()}.
 */
public final class PcapReader implements Closeable {
    private static final int MAGIC_MICROS = 0xa1b2c3d4;
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int MAGIC_PCAPNG = 0x0a0d0d0a;
    private static final int FILE_HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int MAX_FRAME = 1 << 20;

    private final InputStream in;
    private final ByteOrder order;
    private final boolean nanos;
    private final int linkType;
    private long offset;
    private boolean cutOff;

    /**
     * Reads the file header.
     *
     * @throws PcapException if it is not a classic pcap file
     */
    public PcapReader(InputStream in) throws IOException {
        this.in = in;
        byte[] header = in.readNBytes(FILE_HEADER);
        if (header.length < FILE_HEADER) {
            throw new PcapException("not a pcap file: it has only " + header.length + " bytes of the 24-byte header");
        }
        ByteBuffer big = ByteBuffer.wrap(header).order(ByteOrder.BIG_ENDIAN);
        int magic = big.getInt(0);
        int swapped = Integer.reverseBytes(magic);
        if (magic == MAGIC_PCAPNG) {
            throw new PcapException(
                    "a pcapng file: write classic pcap instead (tcpdump -w does; editcap -F pcap converts)");
        }
        if (magic == MAGIC_MICROS || magic == MAGIC_NANOS) {
            order = ByteOrder.BIG_ENDIAN;
            nanos = magic == MAGIC_NANOS;
        } else if (swapped == MAGIC_MICROS || swapped == MAGIC_NANOS) {
            order = ByteOrder.LITTLE_ENDIAN;
            nanos = swapped == MAGIC_NANOS;
        } else {
            throw new PcapException(String.format("not a pcap file: it begins with %08x", magic));
        }
        // The upper bits hold the length of a frame check sequence, which Linux captures never have.
        linkType = ByteBuffer.wrap(header).order(order).getInt(20) & 0xffff;
        offset = FILE_HEADER;
    }

    /** The file's link type. */
    public int linkType() {
        return linkType;
    }

    /** Whether the file ended in the middle of a packet. Known once {@link #next()} has returned null. */
    public boolean cutOff() {
        return cutOff;
    }

    /**
     * The next packet, or null at the end.
     *
     * @throws PcapException if a packet header makes no sense
     */
    public @Nullable Packet next() throws IOException {
        byte[] header = in.readNBytes(PACKET_HEADER);
        if (header.length < PACKET_HEADER) {
            cutOff = header.length > 0;
            return null;
        }
        ByteBuffer h = ByteBuffer.wrap(header).order(order);
        long seconds = h.getInt(0) & 0xffff_ffffL;
        long fraction = h.getInt(4) & 0xffff_ffffL;
        int captured = h.getInt(8);
        int original = h.getInt(12);
        if (captured < 0 || captured > MAX_FRAME || original < 0) {
            throw new PcapException("packet header at byte " + offset + " claims " + (captured & 0xffff_ffffL)
                    + " captured bytes; the file is damaged");
        }
        byte[] data = in.readNBytes(captured);
        if (data.length < captured) {
            cutOff = true;
            return null;
        }
        offset += PACKET_HEADER + captured;
        long timestamp = seconds * 1_000_000_000L + (nanos ? fraction : fraction * 1000);
        return new Packet(timestamp, linkType, ByteBuffer.wrap(data).asReadOnlyBuffer(), original);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
