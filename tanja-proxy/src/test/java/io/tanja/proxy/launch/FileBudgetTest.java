package io.tanja.proxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileBudgetTest {
    @TempDir
    Path proc;

    @ParameterizedTest
    @CsvSource({
        "1048576, 2, 1048320, 1024",
        "20000, 2, 19744, 1024",
        "1024, 2, 768, 48",
        "300, 1, 44, 5",
        "256, 2, 16, 0",
        "0, 2, 16, 0",
        "2147483647, 64, 4000000, 1024"
    })
    void sharesTheFilesOut(long files, int loops, int sockets, int idle) {
        assertThat(FileBudget.of(files, loops)).isEqualTo(new FileBudget(sockets, idle));
    }

    @ParameterizedTest
    @CsvSource({"1024, 768", "unlimited, 4000000", "many, 768"})
    void readsTheSoftLimit(String soft, int sockets) throws IOException {
        Files.writeString(
                proc.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units\n"
                        + "Max processes             7                    7                    processes\n"
                        + "Max open files            " + soft + "                 524288               files\n");
        assertThat(FileBudget.ofProcess(proc, 2).sockets()).isEqualTo(sockets);
    }

    @Test
    void aMachineThatDoesNotTellGetsLittle() {
        assertThat(FileBudget.ofProcess(proc, 2)).isEqualTo(FileBudget.of(1024, 2));
    }
}
