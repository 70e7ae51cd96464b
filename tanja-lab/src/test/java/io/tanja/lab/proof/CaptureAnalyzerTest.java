package io.tanja.lab.proof;

import static io.tanja.lab.pcap.PcapBuilder.ACK;
import static io.tanja.lab.pcap.PcapBuilder.FIN;
import static io.tanja.lab.pcap.PcapBuilder.RST;
import static io.tanja.lab.pcap.PcapBuilder.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.pcap.Decoder;
import io.tanja.lab.pcap.PcapBuilder;
import io.tanja.lab.pcap.PcapException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureAnalyzerTest {
    private static final int CLIENT = 40_001;
    private static final int SERVER = 80;
    private static final Needle AGENT = new Needle("user agent", "User-Agent: Wget");

    @ParameterizedTest
    @ValueSource(ints = {1, 113, 276, 101})
    void plaintextIsFoundOnEveryLinkType(int linkType) throws IOException {
        PcapBuilder capture = new PcapBuilder(linkType)
                .tcp4(CLIENT, SERVER, 100, SYN, "")
                .tcp4(SERVER, CLIENT, 900, SYN | ACK, "")
                .tcp4(CLIENT, SERVER, 101, ACK, "GET / HTTP/1.1\r\nUser-A")
                .tcp4(CLIENT, SERVER, 123, ACK, "gent: Wget\r\n\r\n")
                .tcp4(SERVER, CLIENT, 901, ACK | FIN, "HTTP/1.1 200 OK\r\n\r\n");

        ConnectionVerdict only = one(CaptureAnalyzer.analyze(capture.stream(), List.of(AGENT)));

        assertThat(only.verdict()).isEqualTo(Verdict.PLAINTEXT);
        assertThat(only.found()).containsExactly("user agent");
        assertThat(only.client().getPort()).isEqualTo(CLIENT);
        assertThat(only.clientBytes()).isEqualTo(36);
        assertThat(only.serverBytes()).isEqualTo(19);
        assertThat(only.bytes().plaintext()).isEqualTo(55);
        assertThat(only.clientExcerpt().printable(100)).startsWith("GET / HTTP/1.1\nUser-Agent: Wget");
    }

    @Test
    void segmentsInAnyOrderAndAnyNumberGiveTheSameStream() throws IOException {
        String text = "POST /upload HTTP/1.1\r\nUser-Agent: Wget\r\n\r\n" + "x".repeat(500);
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            PcapBuilder capture = new PcapBuilder(101).tcp4(CLIENT, SERVER, -20, SYN, "");
            List<int[]> pieces = pieces(text.length(), random);
            for (int[] piece : pieces) {
                // The initial sequence number makes the stream wrap around 2^32.
                capture.tcp4(CLIENT, SERVER, -19 + piece[0], ACK, text.substring(piece[0], piece[1]));
            }
            ConnectionVerdict only = one(CaptureAnalyzer.analyze(capture.stream(), List.of(AGENT)));
            assertThat(only.clientBytes()).as("round %d", round).isEqualTo(text.length());
            assertThat(only.found()).as("round %d", round).containsExactly("user agent");
        }
    }

    private static List<int[]> pieces(int length, Random random) {
        List<int[]> pieces = new java.util.ArrayList<>();
        int at = 0;
        while (at < length) {
            int end = Math.min(length, at + 1 + random.nextInt(40));
            pieces.add(new int[] {at, end});
            if (random.nextBoolean()) {
                pieces.add(new int[] {Math.max(0, at - random.nextInt(10)), end});
            }
            at = end;
        }
        java.util.Collections.shuffle(pieces, random);
        return pieces;
    }

    @Test
    void ipv6WithExtensionHeadersIsRead() throws IOException {
        PcapBuilder capture = new PcapBuilder(101)
                .tcp6(CLIENT, SERVER, 1, SYN, "")
                .tcp6(CLIENT, SERVER, 2, ACK, "GET /v6 HTTP/1.1\r\n\r\n")
                .tcp6(SERVER, CLIENT, 1, RST | ACK, "");
        ConnectionVerdict only = one(CaptureAnalyzer.analyze(capture.stream(), List.of()));
        assertThat(only.verdict()).isEqualTo(Verdict.PLAINTEXT);
        assertThat(only.why()).contains("none from the server");
        assertThat(only.reset()).isTrue();
    }

    @Test
    void bytesThatTheCaptureLacksProveNothing() throws IOException {
        String ciphertextLike = "\u0017\u0003\u0003\u0000\u0010" + "\u00e9\u0001\u00fe\u0088".repeat(4);
        PcapBuilder hole =
                new PcapBuilder(101).tcp4(CLIENT, SERVER, 1, SYN, "").tcp4(CLIENT, SERVER, 50, ACK, ciphertextLike);
        assertThat(one(CaptureAnalyzer.analyze(hole.stream(), List.of())).verdict())
                .isEqualTo(Verdict.INCOMPLETE);

        PcapBuilder noStart = new PcapBuilder(101).tcp4(CLIENT, SERVER, 50, ACK, ciphertextLike);
        assertThat(one(CaptureAnalyzer.analyze(noStart.stream(), List.of())).verdict())
                .isEqualTo(Verdict.INCOMPLETE);

        PcapBuilder cut =
                new PcapBuilder(101).tcp4(CLIENT, SERVER, 1, SYN, "").cutTcp4(CLIENT, SERVER, 2, ciphertextLike, 7);
        assertThat(one(CaptureAnalyzer.analyze(cut.stream(), List.of())).verdict())
                .isEqualTo(Verdict.INCOMPLETE);
    }

    @Test
    void recordsWithoutAHandshakeAreNotTls() throws IOException {
        String record = "\u0017\u0003\u0003\u0000\u0010" + "\u00e9\u0001\u00fe\u0088".repeat(4);
        PcapBuilder capture = new PcapBuilder(101)
                .tcp4(CLIENT, SERVER, 1, SYN, "")
                .tcp4(SERVER, CLIENT, 1, SYN | ACK, "")
                .tcp4(CLIENT, SERVER, 2, ACK, record)
                .tcp4(SERVER, CLIENT, 2, ACK, record);
        ConnectionVerdict only = one(CaptureAnalyzer.analyze(capture.stream(), List.of()));
        assertThat(only.verdict()).isEqualTo(Verdict.OPAQUE);
        assertThat(only.bytes().encrypted()).isZero();
    }

    @Test
    void aRealCaptureOfPlaintextAndTls() throws IOException {
        CaptureReport report = real(List.of(
                new Needle("path in plaintext", "GET /k.pem-not-there"),
                new Needle("path in TLS", "secret-path-in-tls")));

        ConnectionVerdict plain = on(report, 18_080);
        assertThat(plain.verdict()).isEqualTo(Verdict.PLAINTEXT);
        assertThat(plain.found()).containsExactly("path in plaintext");
        assertThat(plain.serverExcerpt().printable(200)).startsWith("HTTP/1.0 404");

        ConnectionVerdict tls = on(report, 18_443);
        assertThat(tls.verdict()).isEqualTo(Verdict.ENCRYPTED);
        assertThat(tls.found()).isEmpty();
        ClientHello hello = Objects.requireNonNull(tls.clientHello());
        assertThat(hello.sni()).isEqualTo("web.test");
        assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
        assertThat(hello.versions()).first().isEqualTo("TLSv1.3");
        ServerHello chosen = Objects.requireNonNull(tls.serverHello());
        assertThat(chosen.version()).isEqualTo("TLSv1.3");
        assertThat(chosen.cipher()).isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(chosen.group()).isEqualTo("X25519");
        assertThat(tls.bytes().encrypted()).isGreaterThan(1000);
        assertThat(tls.bytes().plaintext() + tls.bytes().opaque()).isZero();
        assertThat(tls.bytes().encrypted() + tls.bytes().tlsClear()).isEqualTo(tls.clientBytes() + tls.serverBytes());

        ConnectionVerdict refused = on(report, 18_444);
        assertThat(refused.verdict()).isEqualTo(Verdict.HANDSHAKE_FAILED);
        assertThat(report.allEncrypted()).isFalse();
        assertThat(report.only(c -> c.server().getPort() == 18_443).allEncrypted())
                .isTrue();
    }

    @Test
    void anEmptyCaptureProvesNothing() throws IOException {
        CaptureReport report = CaptureAnalyzer.analyze(new PcapBuilder(1).stream(), List.of());
        assertThat(report.connections()).isEmpty();
        assertThat(report.allEncrypted()).isFalse();
    }

    @Test
    void fragmentsAndUnknownLinksAreCountedAndSpoilTheProof() throws IOException {
        byte[] fragment = new byte[40];
        fragment[0] = 0x45;
        fragment[3] = 40;
        fragment[6] = 0x20;
        fragment[9] = 6;
        CaptureReport report =
                CaptureAnalyzer.analyze(new PcapBuilder(101).frame(0x0800, fragment, 0).stream(), List.of());
        assertThat(report.skipped()).containsEntry(Decoder.Reason.FRAGMENT, 1L);
        CaptureReport odd = CaptureAnalyzer.analyze(new PcapBuilder(999).frame(0, new byte[60], 0).stream(), List.of());
        assertThat(odd.skipped()).containsEntry(Decoder.Reason.UNKNOWN_LINK_TYPE, 1L);
    }

    @Test
    void whatIsNotAPcapFileIsNamed() {
        assertThatThrownBy(() -> CaptureAnalyzer.analyze(new ByteArrayInputStream(new byte[3]), List.of()))
                .isInstanceOf(PcapException.class)
                .hasMessageContaining("3 bytes");
        byte[] pcapng = new byte[24];
        pcapng[0] = 0x0a;
        pcapng[1] = 0x0d;
        pcapng[2] = 0x0d;
        pcapng[3] = 0x0a;
        assertThatThrownBy(() -> CaptureAnalyzer.analyze(new ByteArrayInputStream(pcapng), List.of()))
                .hasMessageContaining("editcap");
    }

    /** Whatever the bytes are: a report or a PcapException, and never a plaintext capture judged as encrypted. */
    @Test
    void damagedCapturesNeverBreakTheReader() throws IOException {
        byte[] original;
        try (InputStream in = capture()) {
            original = in.readAllBytes();
        }
        Random random = new Random(7);
        int reports = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = Arrays.copyOf(original, 24 + random.nextInt(original.length - 24));
            for (int i = random.nextInt(30); i > 0; i--) {
                damaged[24 + random.nextInt(damaged.length - 23) - 1] = (byte) random.nextInt();
            }
            try {
                CaptureReport report = CaptureAnalyzer.analyze(new ByteArrayInputStream(damaged), List.of(AGENT));
                reports++;
                assertThat(report.only(c -> c.server().getPort() == 18_080).count(Verdict.ENCRYPTED))
                        .as("round %d", round)
                        .isZero();
            } catch (PcapException expected) {
                assertThat(expected).hasMessageContaining("file is damaged");
            }
        }
        assertThat(reports).isGreaterThan(100);
    }

    private static InputStream capture() {
        return Objects.requireNonNull(CaptureAnalyzerTest.class.getResourceAsStream("/captures/plain-and-tls.pcap"));
    }

    private static CaptureReport real(List<Needle> needles) throws IOException {
        try (InputStream in = capture()) {
            return CaptureAnalyzer.analyze(in, needles);
        }
    }

    private static ConnectionVerdict on(CaptureReport report, int port) {
        return one(report.only(c -> c.server().getPort() == port));
    }

    private static ConnectionVerdict one(CaptureReport report) {
        assertThat(report.connections()).hasSize(1);
        return report.connections().getFirst();
    }
}
