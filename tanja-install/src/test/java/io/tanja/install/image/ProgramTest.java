package io.tanja.install.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
    @Test
    void quotesEachArgumentForTheLauncher() {
        Program program = new Program("p", "a.Main", Path.of("m"), List.of("-Da=b c", "-Dq=\"\\"));
        assertThat(program.arguments(List.of("x.jar", "y.jar"))).isEqualTo("""
                "-Da=b c"
                "-Dq=\\"\\\\"
                "-Djava.library.path=/app/native"
                "-cp"
                "/app/lib/x.jar:/app/lib/y.jar"
                "a.Main"
                """);
        assertThat(program.argumentFile()).isEqualTo("/app/p.args");
    }

    @Test
    void namesMainClassesThatAreThere() {
        assertThat(Programs.of(Path.of("/checkout"), true)).hasSize(3).allSatisfy(program -> {
            assertThat(Class.forName(program.main()).getMethod("main", String[].class))
                    .isNotNull();
            assertThat(program.jvm()).contains("-XX:+UseSerialGC");
        });
    }
}
