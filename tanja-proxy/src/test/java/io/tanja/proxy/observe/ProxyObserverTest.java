package io.tanja.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProxyObserverTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND / 2);
    private final TrafficMetrics metrics = new TrafficMetrics(Records::web, TrafficMetrics.MAX_SERIES);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AccessLog log =
            new AccessLog(new AccessLogSettings(AccessLogSettings.Format.JSON, 1 << 20, 0), out, now::get);
    private final ProxyObserver observer = new ProxyObserver(metrics, log, now::get);

    private void refuse(int times, Refusal why) {
        for (int i = 0; i < times; i++) {
            ConnectionRecord record = Records.plainTcp(i, Direction.INBOUND);
            record.refusal = why;
            observer.connectionOpened(record);
            observer.connectionClosed(record);
        }
    }

    private long lines(String reason) {
        log.drain();
        return out.toString(StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.contains("\"" + reason + "\""))
                .count();
    }

    @Test
    void aFloodOfRefusalsIsCountedWholeAndLoggedInPart() {
        refuse(500, Refusal.LIMIT_REACHED);
        refuse(50, Refusal.POLICY_DENIED);
        assertThat(lines("limit_reached")).isEqualTo(10);
        assertThat(lines("policy_denied")).isEqualTo(50);
        now.addAndGet(SECOND - 1);
        refuse(1, Refusal.LIMIT_REACHED);
        assertThat(lines("limit_reached")).isEqualTo(10);
        now.addAndGet(1);
        refuse(20, Refusal.LIMIT_REACHED);
        assertThat(lines("limit_reached")).isEqualTo(20);

        Exposition page = new Exposition();
        metrics.write(page);
        assertThat(page.toString())
                .contains("tanja_connections_refused_total{reason=\"limit_reached\",direction=\"inbound\"} 521\n");
    }
}
