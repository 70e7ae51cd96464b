package io.tanja.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusPrintTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @Test
    void printsTheFileByteForByte() throws Exception {
        Path file = Files.writeString(temp.resolve("status.json"), "{\"time\":\"é\"}");

        assertThat(print(file)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"time\":\"é\"}");
        assertThat(err.size()).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(print(temp.resolve("none.json"))).isEqualTo(1);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("none.json", "no such file", "--status-file");
    }

    @Test
    void saysWhatCannotBeRead() {
        assertThat(print(temp)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be read");
    }

    private int print(Path file) {
        return StatusPrint.print(
                file,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
