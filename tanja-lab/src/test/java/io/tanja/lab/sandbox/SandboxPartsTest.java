package io.tanja.lab.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SandboxPartsTest {
    private static final LabName LAB = new LabName("one");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void anOrdinaryUserGetsAUserNamespaceAndRootDoesNot() {
        assertThat(SandboxCommand.of(false, false, List.of("daemon")))
                .startsWith("unshare", "--user", "--map-current-user", "--keep-caps")
                .contains("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
                .endsWith("tanja-lab", "daemon");
        assertThat(SandboxCommand.of(true, true, List.of("daemon")))
                .startsWith("setsid", "unshare")
                .doesNotContain("--user");
    }

    @Test
    void theStateFolderIsTheUsersOwn() throws IOException {
        Map<String, String> runtime = Map.of("XDG_RUNTIME_DIR", folder.toString());

        assertThat(StateFolder.of(LAB, runtime, 1000).path()).isEqualTo(folder.resolve("tanja/one"));
        assertThat(StateFolder.of(LAB, Map.of(), 1000).path()).isEqualTo(Path.of("/tmp/tanja-1000/one"));
        assertThat(StateFolder.of(LAB, runtime, 0).path()).isEqualTo(Path.of("/tmp/tanja-0/one"));
        assertThat(StateFolder.of(LAB, Map.of("TANJA_LAB_HOME", "/x"), 0).path())
                .isEqualTo(Path.of("/x/one"));

        StateFolder state = new StateFolder(folder.resolve("base/one"));
        assertThatThrownBy(() -> state.open(CurrentUser.uid() + 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another user");
        StateFolder deep = new StateFolder(folder.resolve("x".repeat(100)));
        assertThatThrownBy(() -> deep.open(CurrentUser.uid()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TANJA_LAB_HOME");
    }

    @Test
    void whatAKilledLabLeftIsClearedAndNobodyElseCanReachTheSocket() throws IOException {
        int uid = CurrentUser.uid();
        StateFolder state = new StateFolder(folder.resolve("base/one"));
        state.open(uid);
        Files.createDirectories(state.logs().resolve("deep"));
        Files.writeString(state.logs().resolve("deep/old.log"), "old");
        assertThat(state.isLive()).isFalse();

        FileLock lock = state.lock().orElseThrow();
        assertThat(state.isLive()).isTrue();
        assertThat(state.lock()).isEmpty();
        state.prepare(uid);
        assertThat(state.logs()).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.logs().resolveSibling("api"))))
                .isEqualTo("rwx------");
        lock.acquiredBy().close();
        assertThat(state.isLive()).isFalse();

        state.remove();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        List<Requirement> missing =
                Preflight.missing(program -> !List.of("nft", "ip").contains(program));

        assertThat(missing).extracting(Requirement::program).containsExactly("ip", "nft");
        assertThat(Preflight.advice(missing))
                .contains("ip (network interfaces)")
                .contains("apt-get install iproute2 nftables");
        assertThat(Preflight.missing(_ -> true)).isEmpty();
    }

    @Test
    void theNumberInsideIsTheInnermost() throws IOException {
        assertThat(InsideProcess.innermost(List.of("Name:\tsh", "NSpid:\t4711\t12\t3")))
                .isEqualTo(3);
        assertThat(InsideProcess.innermost(List.of("Name:\tsh"))).isEqualTo(-1);
        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        long pid = ProcessHandle.current().pid();
        assertThat(InsideProcess.find(own, pid)).isEqualTo(pid);
        assertThatThrownBy(() -> InsideProcess.find("pid:[1]", pid)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", "a-", "a/b", "..", "a b", "aaaaaaaaaabbbbbbbbbbccccccccccd"})
    void otherLabNamesAreRefused(String name) {
        assertThatThrownBy(() -> new LabName(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
