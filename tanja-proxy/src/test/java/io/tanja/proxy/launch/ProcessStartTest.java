package io.tanja.proxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStartTest {
    private final ManualClock clock = ManualClock.at("2026-11-23T06:00:10Z");

    @Test
    void isCountedBackFromNow(@TempDir Path proc) throws IOException {
        Files.writeString(proc.resolve("uptime"), "1000.50 1900.00\n");
        Files.createDirectory(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/stat"), "42 (a b) c) S 1 42 42 0 -1 4194560 1 0 0 0 15 3 0 0 20 0 12 0 99925 1 2\n");

        assertThat(ProcessStart.millis(proc, clock)).isEqualTo(clock.millis() - 1250);
    }

    @Test
    void isNowWithoutProc(@TempDir Path empty) {
        assertThat(ProcessStart.millis(empty, clock)).isEqualTo(clock.millis());
    }

    @Test
    void isInThePastOnThisMachine() {
        InstantSource system = InstantSource.system();

        assertThat(system.millis() - ProcessStart.millis(Path.of("/proc"), system))
                .isBetween(1L, 86_400_000L);
    }
}
