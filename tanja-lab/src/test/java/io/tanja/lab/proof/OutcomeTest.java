package io.tanja.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.pcap.Decoder;
import io.tanja.lab.proof.ConnectionVerdict.PayloadBytes;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void nothingButSilenceIsNoProof() {
        assertThat(Outcome.of(report())).isEqualTo(Outcome.NO_TRAFFIC);
        assertThat(Outcome.of(report(Verdict.EMPTY, Verdict.EMPTY))).isEqualTo(Outcome.NO_TRAFFIC);
    }

    @Test
    void oneConnectionThatIsNotEncryptedDecides() {
        assertThat(Outcome.of(report(Verdict.ENCRYPTED, Verdict.EMPTY))).isEqualTo(Outcome.ALL_ENCRYPTED);
        for (Verdict other : List.of(Verdict.PLAINTEXT, Verdict.OPAQUE, Verdict.INCOMPLETE, Verdict.HANDSHAKE_FAILED)) {
            assertThat(Outcome.of(report(Verdict.ENCRYPTED, other)))
                    .as(other.name())
                    .isEqualTo(Outcome.NOT_ENCRYPTED);
            assertThat(Outcome.of(report(other))).as(other.name()).isEqualTo(Outcome.NOT_ENCRYPTED);
        }
    }

    @Test
    void severalCapturesCountAsOne() {
        CaptureReport damaged = new CaptureReport(List.of(), 3, Map.of(Decoder.Reason.FRAGMENT, 1L), true);

        CaptureReport whole =
                CaptureReport.of(List.of(report(Verdict.ENCRYPTED), damaged, damaged, report(Verdict.ENCRYPTED)));

        assertThat(whole.count(Verdict.ENCRYPTED)).isEqualTo(2);
        assertThat(whole.packets()).isEqualTo(6);
        assertThat(whole.cutOff()).isTrue();
        assertThat(whole.skipped()).isEqualTo(Map.of(Decoder.Reason.FRAGMENT, 2L));
        assertThat(Outcome.of(whole)).isEqualTo(Outcome.NOT_ENCRYPTED);
    }

    private static CaptureReport report(Verdict... verdicts) {
        return new CaptureReport(
                Stream.of(verdicts).map(OutcomeTest::connection).toList(), 0, Map.of(), false);
    }

    private static ConnectionVerdict connection(Verdict verdict) {
        return new ConnectionVerdict(
                new InetSocketAddress("10.0.0.1", 40_000),
                new InetSocketAddress("10.0.0.2", 80),
                0,
                true,
                verdict,
                "",
                null,
                null,
                new PayloadBytes(0, 0, 0, 0),
                0,
                0,
                Set.of(),
                false,
                new Excerpt(""),
                new Excerpt(""));
    }
}
