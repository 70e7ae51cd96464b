package io.tanja.pki.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RenewalScheduleTest {
    private static final Instant OBTAINED = Instant.parse("2026-11-23T06:00:00Z");
    private static final Duration AMPLE = Duration.ofDays(10_000_000);
    private static final RenewalSchedule SCHEDULE = RenewalSchedule.HALF_LIFE;

    @ParameterizedTest
    @CsvSource({
        "PT24H, 0.5, PT12H",
        "PT24H, 0.0, PT11H45M36S",
        "PT24H, 1.0, PT12H14M24S",
        "PT10S, 0.5, PT5S",
        "PT0S,  0.5, PT0S",
        "PT-1H, 0.5, PT0S"
    })
    void renewsAtHalfLifePlusOrMinusOnePercent(Duration lifetime, double random, Duration expected) {
        Instant at = SCHEDULE.renewAt(OBTAINED, OBTAINED.plus(lifetime), always(random));

        assertThat(Duration.between(OBTAINED, at)).isEqualTo(expected);
    }

    @Test
    void jitterSpreadsPodsThatStartedTogether() {
        Random random = new Random(7);
        Instant notAfter = OBTAINED.plus(Duration.ofHours(24));

        long distinct = Stream.generate(() -> SCHEDULE.renewAt(OBTAINED, notAfter, random))
                .limit(100)
                .distinct()
                .count();

        assertThat(distinct).isGreaterThan(90);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.0, PT0.2S",
        "1, 1.0, PT0.1S",
        "2, 0.0, PT0.4S",
        "5, 0.0, PT3.2S",
        "8, 0.0, PT25.6S",
        "9, 0.0, PT30S",
        "9, 1.0, PT15S",
        "2147483647, 0.0, PT30S"
    })
    void retriesDoubleUpToALimit(int failures, double random, Duration expected) {
        assertThat(SCHEDULE.retryAfter(failures, AMPLE, always(random))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "PT8S, PT1S",
        "PT4H, PT30S",
        "PT0.1S, PT0.2S",
        "PT0S, PT5S",
        "PT-1H, PT5S",
    })
    void theLongestWaitFollowsTheTimeThatIsLeft(Duration left, Duration expected) {
        assertThat(RenewalSchedule.HALF_LIFE.retryAfter(20, left, always(0))).isEqualTo(expected);
    }

    @Test
    void longWaitsDoNotOverflow() {
        RenewalSchedule slow = new RenewalSchedule(0.5, 0, Duration.ofDays(1), Duration.ofDays(365_000));

        assertThat(slow.retryAfter(60, AMPLE, always(0))).isEqualTo(Duration.ofDays(365_000));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0, PT1S, PT2S",
        "1.0, 0.0, PT1S, PT2S",
        "0.5, -0.1, PT1S, PT2S",
        "0.5, 0.5, PT1S, PT2S",
        "NaN, 0.0, PT1S, PT2S",
        "0.5, 0.01, PT0S, PT2S",
        "0.5, 0.01, PT2S, PT1S"
    })
    void valuesOutOfRangeAreRefused(double share, double jitter, Duration first, Duration longest) {
        assertThatThrownBy(() -> new RenewalSchedule(share, jitter, first, longest))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRetryWithoutFailureIsAFaultOfTheCaller() {
        assertThatThrownBy(() -> SCHEDULE.retryAfter(0, AMPLE, always(0))).isInstanceOf(IllegalArgumentException.class);
    }

    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
