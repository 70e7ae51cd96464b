package io.tanja.install.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.install.InstallException;
import io.tanja.proxy.redirect.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkedLibrariesTest {
    private static final Path JAVA = Path.of("/build/java/bin/java");
    private static final Path JLI = Path.of("/build/java/lib/libjli.so");

    @Test
    void areWhatTheMachineWouldLoad() throws Exception {
        assertThat(says("""
                	linux-vdso.so.1 (0x00007ffd4b5f2000)
                	libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f1c2a000000)
                	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1c29e00000)
                	/lib64/ld-linux-x86-64.so.2 (0x00007f1c2a200000)
                """).of(List.of(JAVA)))
                .containsExactly(
                        Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
                        Path.of("/lib/x86_64-linux-gnu/libz.so.1"),
                        Path.of("/lib64/ld-linux-x86-64.so.2"));
    }

    @Test
    void leaveOutWhatIsInTheImageAnyway() throws Exception {
        assertThat(says("""
                	libjli.so => /build/java/bin/../lib/libjli.so (0x00007f1c2a000000)
                	libjli.so => not found
                """).of(List.of(JAVA, JLI))).isEmpty();
    }

    @Test
    void sayWhichOneTheMachineLacks() {
        assertThatThrownBy(() -> says("	libmnl.so.0 => not found\n").of(List.of(JAVA)))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("libmnl.so.0 => not found")
                .hasMessageContaining(JAVA.toString());
    }

    @Test
    void areNoneOfAProgramThatIsLinkedWithNothing() throws Exception {
        assertThat(says("	not a dynamic executable\n").of(List.of(JAVA))).isEmpty();
        assertThat(says("	statically linked\n").of(List.of(JAVA))).isEmpty();
    }

    private static LinkedLibraries says(String output) {
        return new LinkedLibraries((command, input) -> new Tool.Result(0, output));
    }
}
