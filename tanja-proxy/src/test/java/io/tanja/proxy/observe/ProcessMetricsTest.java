package io.tanja.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetricsTest {
    @Test
    void readsMemoryAndCpuBehindANameWithSpaces(@TempDir Path proc) throws IOException {
        Files.writeString(proc.resolve("statm"), "1000 250 100 1 0 300 0\n");
        Files.writeString(
                proc.resolve("stat"), "42 (a b) c) S 1 42 42 0 -1 4194560 100 0 0 0 150 37 0 0 20 0 12 0 100 1 2\n");
        Exposition out = new Exposition();

        new ProcessMetrics("", proc, "0.1.0", 1_795_414_262_123L).write(out);

        assertThat(out.toString())
                .contains("istio_build{component=\"proxy\",tag=\"0.1.0\"} 1\n")
                .contains("process_start_time_seconds 1795414262\n")
                .contains("process_resident_memory_bytes 1024000\n")
                .contains("process_cpu_seconds_total 1.870\n");
    }

    @Test
    void aMachineWithoutProcStillHasTheRest(@TempDir Path empty) {
        Exposition out = new Exposition();

        new ProcessMetrics("", empty, "0.1.0", 0).write(out);

        assertThat(out.toString()).contains("istio_build").doesNotContain("process_cpu");
    }
}
