package io.tanja.control.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.VersionInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeSidecarsTest {
    private static VersionInfo version(String major, String minor) {
        return new VersionInfo.Builder().withMajor(major).withMinor(minor).build();
    }

    @ParameterizedTest
    @CsvSource({"1, 32, false", "1, 33, true", "1, 33+, true", "1, 9, false", "2, 0, true"})
    void theVersionDecides(String major, String minor, boolean expected) {
        assertThat(new NativeSidecars(() -> version(major, minor), () -> 0).getAsBoolean())
                .isEqualTo(expected);
    }

    @Test
    void theAnswerIsKeptForAWhileAndWhenNoneComes() {
        AtomicReference<@Nullable VersionInfo> answer = new AtomicReference<>(version("1", "32"));
        AtomicLong time = new AtomicLong();
        AtomicInteger asked = new AtomicInteger();
        NativeSidecars sidecars = new NativeSidecars(
                () -> {
                    asked.incrementAndGet();
                    VersionInfo version = answer.get();
                    if (version == null) {
                        throw new IllegalStateException("away");
                    }
                    return version;
                },
                time::get);
        assertThat(sidecars.getAsBoolean()).isFalse();
        answer.set(version("1", "33"));
        assertThat(sidecars.getAsBoolean()).isFalse();
        assertThat(asked).hasValue(1);

        time.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(sidecars.getAsBoolean()).isTrue();
        answer.set(null);
        time.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(sidecars.getAsBoolean()).isTrue();
    }

    @Test
    void withoutAnyAnswerNothingIsDecided() {
        NativeSidecars sidecars = new NativeSidecars(
                () -> {
                    throw new IllegalStateException("away");
                },
                () -> 0);
        assertThatThrownBy(sidecars::getAsBoolean).hasMessageContaining("away");
        assertThatThrownBy(new NativeSidecars(() -> version("", "x"), () -> 0)::getAsBoolean)
                .hasMessageContaining("without a number");
    }
}
