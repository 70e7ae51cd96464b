package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailuresTest {
    @TempDir
    Path temp;

    @Test
    void tellsEverythingThatIsWrongAtOnce() throws IOException {
        Path badKey = Files.writeString(temp.resolve("key"), "not a key");
        Path badCa = Files.createDirectory(temp.resolve("ca"));
        Files.writeString(badCa.resolve("ca-cert.pem"), "not a certificate");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ConfigException e = failure(
                    "--manifests",
                    temp.resolve("missing").toString(),
                    "--listen",
                    "127.0.0.1:" + taken.getLocalPort(),
                    "--token-key",
                    badKey.toString(),
                    "--ca-dir",
                    badCa.toString(),
                    "--status-file",
                    temp.resolve("no/folder/status.json").toString());

            assertThat(e.problems())
                    .extracting(ConfigProblem::flag)
                    .containsExactlyInAnyOrder("--manifests", "--listen", "--token-key", "--ca-dir", "--status-file");
            assertThat(e.problems()).allSatisfy(p -> {
                assertThat(p.message()).isNotEmpty();
                assertThat(p.remedy()).isNotEmpty();
            });
        }
    }

    @Test
    void namesEveryMissingAndUnknownFlag() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> ControlFlags.parse("--manifest", "x", "--ca-dir", "ca", "--listen"));

        assertThat(e.problems())
                .extracting(ConfigProblem::flag)
                .contains("--manifest", "--listen", "--manifests", "--token-key");
    }

    @ParameterizedTest
    @CsvSource({
        "--listen, 15012",
        "--listen, localhost:15012",
        "--listen, 127.0.0.1:99999",
        "--trust-domain, Upper.Case",
        "--leaf-ttl, soon",
        "--leaf-ttl, 0s",
        "--leaf-ttl, -5m"
    })
    void refusesABadValueByItsFlag(String flag, String value) {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> ControlFlags.parse("--manifests", "m", "--ca-dir", "c", "--token-key", "k", flag, value));

        assertThat(e.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.flag()).isEqualTo(flag));
    }

    @Test
    void readsEveryFlag() throws Exception {
        ControlOptions options = ControlFlags.parse(
                "--manifests=m",
                "--ca-dir",
                "c",
                "--token-key",
                "k",
                "--token-issuer",
                "https://issuer",
                "--listen",
                "[::1]:1",
                "--serving-name",
                "control.lab",
                "--serving-name=10.0.0.1",
                "--trust-domain",
                "td",
                "--root-namespace",
                "root",
                "--cluster",
                "c1",
                "--status-file",
                "s",
                "--leaf-ttl",
                "90m",
                "--without-module-config");

        assertThat(options.listen().getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(options.servingNames()).containsExactly("control.lab", "10.0.0.1");
        assertThat(options.leafTtl()).isEqualTo(Duration.ofMinutes(90));
        assertThat(options.mesh().needsModuleConfig()).isFalse();
        assertThat(options.mesh().cluster()).isEqualTo("c1");
        assertThat(options.source())
                .isEqualTo(new SourceOptions.Folder(Path.of("m"), Path.of("c"), Path.of("k"), "https://issuer"));
        assertThat(options.statusFile()).isEqualTo(Path.of("s"));
    }

    @Test
    void readsTheFlagsOfAClusterAndRefusesThoseOfTheOtherSource() throws Exception {
        ControlOptions options = ControlFlags.parse(
                "--source=kubernetes",
                "--kubeconfig",
                "k",
                "--replica",
                "one",
                "--probe-listen",
                "127.0.0.1:1",
                "--webhook-listen=127.0.0.1:2",
                "--sidecar-image",
                "registry.test/tanja:1",
                "--sidecar-shape",
                "container");
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        assertThat(options.source())
                .isEqualTo(new SourceOptions.Kubernetes(
                        Path.of("k"),
                        "one",
                        new InetSocketAddress(loopback, 1),
                        new AdmissionOptions(
                                new InetSocketAddress(loopback, 2),
                                "registry.test/tanja:1",
                                AdmissionOptions.Shape.CONTAINER)));
        ConfigException shape = catchThrowableOfType(
                ConfigException.class,
                () -> ControlFlags.parse("--source=kubernetes", "--sidecar-shape=ambient", "--sidecar-image="));
        assertThat(shape.problems())
                .extracting(ConfigProblem::flag)
                .containsExactly("--sidecar-shape", "--sidecar-image");

        ConfigException mixed = catchThrowableOfType(
                ConfigException.class, () -> ControlFlags.parse("--source", "kubernetes", "--manifests", "m"));
        assertThat(mixed.problems()).extracting(ConfigProblem::flag).containsExactly("--manifests");
        ConfigException unknown =
                catchThrowableOfType(ConfigException.class, () -> ControlFlags.parse("--source", "etcd"));
        assertThat(unknown.problems()).extracting(ConfigProblem::flag).containsExactly("--source");
    }

    @Test
    void saysWhichKubeconfigIsMissing() {
        ConfigException e = failure(
                "--source",
                "kubernetes",
                "--listen",
                "127.0.0.1:0",
                "--probe-listen",
                "127.0.0.1:0",
                "--webhook-listen",
                "127.0.0.1:0",
                "--kubeconfig",
                temp.resolve("none").toString());

        assertThat(e.problems()).extracting(ConfigProblem::flag).containsExactly("--kubeconfig");
    }

    @Test
    void exitsWithTwoForFlagsAndOneForWhatCannotStart() throws Exception {
        assertThat(ControlMain.run("--nonsense")).isEqualTo(2);
        assertThat(ControlMain.run("--manifests", temp.resolve("x").toString(), "--ca-dir", "c", "--token-key", "k"))
                .isEqualTo(1);
        assertThat(Path.of("c")).as("no root is made for nothing").doesNotExist();
        assertThat(ControlMain.run("--help")).isZero();
    }

    private static ConfigException failure(String... args) {
        String[] all = Stream.concat(Arrays.stream(args), Stream.of("--trust-domain", "cluster.local"))
                .toArray(String[]::new);
        return catchThrowableOfType(ConfigException.class, () -> ControlPlane.start(ControlFlags.parse(all)));
    }
}
