package io.tanja.lab.dns;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads queries and writes answers in the wire format of RFC 1035, as far as a cluster's names need it. */
final class DnsMessage {
    static final int TYPE_A = 1;
    static final int TYPE_AAAA = 28;
    static final int TYPE_ANY = 255;
    static final int NO_ERROR = 0;
    static final int FORMAT_ERROR = 1;
    static final int NAME_ERROR = 3;
    static final int NOT_IMPLEMENTED = 4;

    private static final int HEADER = 12;
    private static final int MAX_NAME = 255;
    private static final int CLASS_IN = 1;
    private static final int TTL_SECONDS = 5;
    // A pointer to the question's name, which always begins right after the header (RFC 1035, 4.1.4).
    private static final int NAME_POINTER = 0xc000 | HEADER;

    private DnsMessage() {}

    /**
     * A query.
     *
     * @param id the client's number for it
     * @param opcode 0 for a standard query
     * @param recursionDesired the client's flag, copied into the answer
     * @param name the name asked for, lower case, without the final dot
     * @param type what is asked for
     * @param questionEnd offset of the first byte after the question
     */
    record Query(int id, int opcode, boolean recursionDesired, String name, int type, int questionEnd) {}

    /** Reads a query; empty if the bytes are none. Never throws. */
    static Optional<Query> read(byte[] packet, int length) {
        if (length < HEADER + 5 || length > packet.length) {
            return Optional.empty();
        }
        int flags = u16(packet, 2);
        boolean response = (flags & 0x8000) != 0;
        if (response || u16(packet, 4) != 1) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        int at = HEADER;
        while (at < length && packet[at] != 0) {
            int label = packet[at] & 0xff;
            // No compression in a question: there is nothing before it to point to.
            if (label > 63 || at + 1 + label >= length || name.length() + label > MAX_NAME) {
                return Optional.empty();
            }
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(packet, at + 1, label, StandardCharsets.ISO_8859_1));
            at += 1 + label;
        }
        if (at + 5 > length || u16(packet, at + 3) != CLASS_IN) {
            return Optional.empty();
        }
        return Optional.of(new Query(
                u16(packet, 0),
                flags >> 11 & 0xf,
                (flags & 0x0100) != 0,
                name.toString().toLowerCase(Locale.ROOT),
                u16(packet, at + 1),
                at + 5));
    }

    /**
     * Writes an answer.
     *
     * @param packet the query's bytes, whose question is repeated
     * @param addresses the addresses to give
     * @param limit the longest answer in bytes; a longer one is sent without addresses and with the truncation flag
     */
    static byte[] answer(Query query, byte[] packet, int code, List<InetAddress> addresses, int limit) {
        int size = query.questionEnd();
        for (InetAddress address : addresses) {
            size += 12 + address.getAddress().length;
        }
        boolean truncated = size > limit;
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        u16(out, query.id());
        int flags = 0x8000 | query.opcode() << 11 | 0x0400 | 0x0080 | code;
        u16(out, flags | (truncated ? 0x0200 : 0) | (query.recursionDesired() ? 0x0100 : 0));
        u16(out, 1);
        u16(out, truncated ? 0 : addresses.size());
        u16(out, 0);
        u16(out, 0);
        out.write(packet, HEADER, query.questionEnd() - HEADER);
        if (!truncated) {
            for (InetAddress address : addresses) {
                byte[] bytes = address.getAddress();
                u16(out, NAME_POINTER);
                u16(out, address instanceof Inet6Address ? TYPE_AAAA : TYPE_A);
                u16(out, CLASS_IN);
                u16(out, 0);
                u16(out, TTL_SECONDS);
                u16(out, bytes.length);
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
