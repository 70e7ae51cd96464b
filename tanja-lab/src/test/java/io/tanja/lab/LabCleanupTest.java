package io.tanja.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.mesh.Programs;
import io.tanja.lab.sandbox.CurrentUser;
import io.tanja.lab.sandbox.InsideProcess;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends a lab, nothing of it stays on the machine. */
@Tag("lab")
final class LabCleanupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Which process is killed with SIGKILL. */
    enum Victim {
        AROUND_THE_SANDBOX("a"),
        FIRST_INSIDE("f"),
        DAEMON("d");

        private final String suffix;

        Victim(String suffix) {
            this.suffix = suffix;
        }
    }

    @ParameterizedTest
    @EnumSource(Victim.class)
    void nothingIsLeftOfALabThatIsKilled(Victim victim) throws IOException {
        String name = "k" + ProcessHandle.current().pid() + "-" + victim.suffix;
        String before = host();
        Lab lab = Lab.start(LabOptions.named(name));
        lab.apply(LabScenario.MANIFEST);
        lab.awaitReady(PATIENCE);
        String sandbox = lab.status().path("pidNamespace").asString("");
        Set<String> networks = namespaces(inside(sandbox), "net");
        assertThat(networks).as("one network for each pod and one for the node").hasSize(6);
        ProcessHandle around = lab.process() == null
                ? ProcessHandle.current()
                : ProcessHandle.of(lab.process().pid()).orElseThrow();

        ProcessHandle target = switch (victim) {
            case AROUND_THE_SANDBOX -> around;
            case FIRST_INSIDE ->
                ProcessHandle.of(InsideProcess.find(sandbox, 1)).orElseThrow();
            case DAEMON ->
                ProcessHandle.of(InsideProcess.find(sandbox, 1))
                        .orElseThrow()
                        .children()
                        .filter(child -> child.info().command().orElse("").endsWith("java"))
                        .findFirst()
                        .orElseThrow();
        };
        assertThat(target.destroyForcibly()).isTrue();

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(inside(sandbox)).isEmpty();
            assertThat(namespaces(processes(), "net")).doesNotContainAnyElementsOf(networks);
        });
        assertThat(host()).isEqualTo(before);

        // The next start clears the folder that the killed one could not.
        assertThat(lab.folder().path()).exists();
        assertThat(lab.folder().isLive()).isFalse();
        try (Lab next = Lab.start(LabOptions.named(name))) {
            assertThat(next.get("pods", "", "")).isEmpty();
            assertThat(next.folder().logs()).isEmptyDirectory();
        }
        assertThat(lab.folder().path()).doesNotExist();
    }

    @Test
    void aLabInTheBackgroundOutlivesItsStarterAndEndsByName() throws IOException {
        String name = "b" + ProcessHandle.current().pid();
        Lab lab = Lab.start(LabOptions.named(name).owned(false));
        String sandbox = lab.status().path("pidNamespace").asString("");

        Lab.connect(new LabName(name)).close();

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(inside(sandbox)).isEmpty());
        assertThat(lab.folder().path()).doesNotExist();
    }

    /** Root tries it as nobody; for an ordinary user all the other tests are that test already. */
    @Test
    void anOrdinaryUserHasALabToo(@TempDir Path temporary) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectory(temporary.resolve("home"));
        JavaProgram program = Programs.readable(JavaProgram.current(), temporary);
        List<String> command = new ArrayList<>();
        if (CurrentUser.uid() == 0) {
            Files.setAttribute(home, "unix:uid", 65_534);
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.addAll(program.command(
                List.of("-XX:TieredStopAtLevel=1", "-Duser.home=" + home), LabScenario.class.getName(), List.of()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment()
                .put(
                        "TANJA_LAB_HOME",
                        "/tmp/tanja-test-" + ProcessHandle.current().pid());
        builder.environment().remove("XDG_RUNTIME_DIR");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).endsWith("ok\n");
    }

    /** What the machine itself has of the kind that a lab makes. */
    private static String host() throws IOException {
        return Execution.run(List.of("sh", "-c", "ip -o link | cut -d: -f2; ls /run/netns 2>/dev/null || true"))
                        .output()
                + Execution.run(List.of("sh", "-c", "nft list tables 2>&1 || true"))
                        .output();
    }

    private static List<Path> inside(String pidNamespace) throws IOException {
        return processes().stream()
                .filter(process -> namespaces(List.of(process), "pid").contains(pidNamespace))
                .toList();
    }

    private static List<Path> processes() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList();
        }
    }

    private static Set<String> namespaces(List<Path> processes, String kind) {
        Set<String> found = new TreeSet<>();
        for (Path process : processes) {
            namespace(process, kind).ifPresent(found::add);
        }
        return found;
    }

    /** Empty if the process has ended meanwhile or is another user's, and so not of the lab. */
    private static Optional<String> namespace(Path process, String kind) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
