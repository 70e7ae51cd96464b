package io.tanja.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole walk-through, with real packets: control plane, CA, proxies, redirect, capture and proof together. */
@Tag("lab")
class DemoTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path captures;

    @Test
    void everyExpectationHolds() throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        List<Row> rows = new Demo(out, false, captures, false, InstantSource.system()).run("demo-test");
        String story = told.toString(StandardCharsets.UTF_8);
        assertThat(rows).as(story).hasSizeGreaterThan(35).allMatch(Row::pass);
        assertThat(rows.stream().map(Row::step).distinct()).as(story).hasSizeGreaterThanOrEqualTo(20);
        try (Stream<Path> kept = Files.list(captures)) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .contains("09-inside.pcap", "12-outside.pcap", "strict-outside.pcap", "renewal.pcap");
        }
    }
}
