package io.tanja.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void movesBothViewsByHandOnly() {
        ManualClock clock = ManualClock.at("2026-01-01T00:00:00Z");
        Clock elsewhere = clock.withZone(ZoneId.of("Asia/Jakarta"));
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(clock.nanoTime().getAsLong()).isZero();

        clock.advance(Duration.ofHours(12));

        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(elsewhere.instant()).isEqualTo(clock.instant());
        assertThat(clock.nanoTime().getAsLong()).isEqualTo(Duration.ofHours(12).toNanos());
    }
}
