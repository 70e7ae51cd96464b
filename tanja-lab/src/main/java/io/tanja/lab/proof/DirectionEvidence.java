package io.tanja.lab.proof;

import io.tanja.lab.pcap.StreamAssembler;
import io.tanja.lab.pcap.TcpSegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What one direction of a connection carried. One user thread. */
final class DirectionEvidence {
    private static final int EXCERPT = 1024;
    private static final int SAMPLE = 512;
    private static final double READABLE = 0.9;

    private final TlsScanner tls = new TlsScanner();
    private final NeedleSearch search;
    private final StreamAssembler assembler;
    private final byte[] excerpt = new byte[EXCERPT];
    private int excerptLength;
    private long total;
    private boolean fin;
    private boolean rst;

    DirectionEvidence(List<Needle> needles) {
        search = new NeedleSearch(needles);
        assembler = new StreamAssembler(this::bytes);
    }

    void segment(TcpSegment segment) {
        fin |= segment.fin();
        rst |= segment.rst();
        assembler.segment(segment);
    }

    void finish() {
        assembler.finish();
    }

    TlsScanner tls() {
        return tls;
    }

    Set<String> found() {
        return search.found();
    }

    long total() {
        return total;
    }

    boolean fin() {
        return fin;
    }

    boolean rst() {
        return rst;
    }

    boolean begun() {
        return assembler.sawStart();
    }

    boolean whole() {
        return total == 0 || assembler.sawStart() && assembler.missingBytes() == 0;
    }

    /** The first bytes, as they came. */
    Excerpt excerpt() {
        return Excerpt.of(excerpt, excerptLength);
    }

    /** Whether the bytes are text that a person can read: an HTTP message, or nearly all of the sample printable. */
    boolean readable() {
        int sample = Math.min(excerptLength, SAMPLE);
        if (sample == 0) {
            return false;
        }
        String start = new String(excerpt, 0, Math.min(excerptLength, 64), StandardCharsets.ISO_8859_1);
        if (start.startsWith("HTTP/1.")
                || start.startsWith("PRI * HTTP/2")
                || start.matches("(?s)[A-Z]{3,10} [!-~]+ ?.*")) {
            return true;
        }
        int printable = 0;
        for (int i = 0; i < sample; i++) {
            int c = excerpt[i] & 0xff;
            if (c >= ' ' && c < 0x7f || c == '\r' || c == '\n' || c == '\t') {
                printable++;
            }
        }
        return printable >= READABLE * sample;
    }

    private void bytes(ByteBuffer bytes) {
        total += bytes.remaining();
        int copied = Math.min(bytes.remaining(), EXCERPT - excerptLength);
        if (copied > 0) {
            bytes.duplicate().get(excerpt, excerptLength, copied);
            excerptLength += copied;
        }
        tls.accept(bytes);
        search.accept(bytes);
    }
}
