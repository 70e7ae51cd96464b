package io.tanja.lab.pcap;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds pcap files for tests, byte by byte. */
public final class PcapBuilder {
    public static final int SYN = 2;
    public static final int ACK = 16;
    public static final int FIN = 1;
    public static final int RST = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int linkType;
    private int clock;

    public PcapBuilder(int linkType) {
        this.linkType = linkType;
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262144)
                .putInt(linkType);
        out.writeBytes(header.array());
    }

    public PcapBuilder tcp4(int from, int to, int sequence, int flags, String payload) {
        byte[] body = payload.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer ip = ByteBuffer.allocate(40 + body.length);
        ip.put((byte) 0x45).put((byte) 0).putShort((short) (40 + body.length)).putInt(0);
        ip.put((byte) 64).put((byte) 6).putShort((short) 0);
        ip.putInt(0x0a6f0000 | from % 256).putInt(0x0a6f0000 | to % 256);
        tcp(ip, from, to, sequence, flags, body);
        return frame(0x0800, ip.array(), 0);
    }

    public PcapBuilder tcp6(int from, int to, int sequence, int flags, String payload) {
        byte[] body = payload.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer ip = ByteBuffer.allocate(68 + body.length);
        ip.putInt(0x60000000).putShort((short) (28 + body.length)).put((byte) 0).put((byte) 64);
        ip.putLong(0xfd00_0000_0000_0000L)
                .putLong(from)
                .putLong(0xfd00_0000_0000_0000L)
                .putLong(to);
        // A hop-by-hop header in front, as RFC 8200 allows.
        ip.put((byte) 6).put((byte) 0).putInt(0x01040000).putShort((short) 0);
        tcp(ip, from, to, sequence, flags, body);
        return frame(0x86dd, ip.array(), 0);
    }

    public PcapBuilder cutTcp4(int from, int to, int sequence, String payload, int cut) {
        PcapBuilder one = new PcapBuilder(linkType).tcp4(from, to, sequence, ACK, payload);
        byte[] file = one.out.toByteArray();
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(24 + 8, header.getInt(24 + 8) - cut);
        out.write(file, 24, file.length - 24 - cut);
        return this;
    }

    public PcapBuilder frame(int etherType, byte[] network, int ignored) {
        ByteBuffer link = switch (linkType) {
            case 1 -> ByteBuffer.allocate(14).putLong(0).putInt(0).putShort((short) etherType);
            case 113 ->
                ByteBuffer.allocate(16).putLong(0).putInt(0).putShort((short) 0).putShort((short) etherType);
            case 276 -> ByteBuffer.allocate(20).putShort((short) etherType).put(new byte[18]);
            default -> ByteBuffer.allocate(0);
        };
        int length = link.capacity() + network.length;
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(1000).putInt(clock++).putInt(length).putInt(length);
        out.writeBytes(header.array());
        out.writeBytes(link.array());
        out.writeBytes(network);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    public InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    private static void tcp(ByteBuffer b, int from, int to, int sequence, int flags, byte[] body) {
        b.putShort((short) from).putShort((short) to).putInt(sequence).putInt(0);
        b.put((byte) 0x50).put((byte) flags).putShort((short) 512).putInt(0).put(body);
    }
}
