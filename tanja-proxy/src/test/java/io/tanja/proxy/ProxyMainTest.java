package io.tanja.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.pki.TestPki;
import io.tanja.proxy.launch.ProxyJvm;
import io.tanja.xds.fake.FakeControlPlane;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as an image starts it: a JVM of its own, with the flags recommended for it. */
class ProxyMainTest {
    private @Nullable Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(ProxyJvm.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), ProxyMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(ProxyJvm.environment());
        builder.redirectErrorStream(true);
        Process started = builder.start();
        process = started;
        return started;
    }

    private static List<String> allOf(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(text).isTrue();
        return text.lines().toList();
    }

    @Test
    void theJvmTakesEveryFlagAndSaysNothing() throws Exception {
        Process help = run("--help");

        assertThat(allOf(help)).first().asString().startsWith("The data plane:");
        assertThat(help.exitValue()).isZero();
    }

    @Test
    void wrongFlagsAreToldAllAtOnceAndNothingElse() throws Exception {
        Process wrong = run("--stats-port", "x");

        assertThat(allOf(wrong))
                .hasSize(6)
                .allMatch(line -> line.startsWith("--") && line.contains(": ") && line.contains("; "));
        assertThat(wrong.exitValue()).isEqualTo(2);
    }

    @Test
    void sigtermEndsItWellEvenWhileItWaitsForTheControlPlane(@TempDir Path folder) throws Exception {
        try (FakeControlPlane control = FakeControlPlane.start(TestPki.create(Instant.now()))) {
            Path token = Files.writeString(folder.resolve("token"), "token");
            Path root = Files.write(folder.resolve("root.pem"), control.rootPem());
            Process waiting = run(
                    "--control",
                    "127.0.0.1:" + control.target().port(),
                    "--control-name",
                    FakeControlPlane.SERVER_NAME,
                    "--pod",
                    "web-1",
                    "--namespace",
                    "test",
                    "--token-file",
                    token.toString(),
                    "--root-cert-file",
                    root.toString(),
                    "--ready-port",
                    "0",
                    "--stats-port",
                    "0",
                    "--merged-port",
                    "0");
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(waiting.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).startsWith("time=").contains(" level=");

            waiting.toHandle().destroy();

            List<String> rest = lines.lines().toList();
            assertThat(waiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(rest).last().asString().endsWith("msg=\"ended\"");
            assertThat(waiting.exitValue()).isZero();
        }
    }
}
