package io.tanja.proxy.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real nft and kernel, in a network namespace of the test's own. */
class RedirectKernelTest {
    private Process namespace;
    private Redirect redirect;
    private Tool tool;

    @BeforeEach
    void makeNamespace() throws IOException {
        // The child says when it is inside; it ends with its input, so that nothing is left whatever ends the test.
        namespace = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo in; cat")
                .redirectErrorStream(true)
                .start();
        assertThat(namespace.inputReader().readLine()).isEqualTo("in");
        String pid = String.valueOf(namespace.pid());
        Tool real = new ProcessTool();
        tool = (command, input) -> {
            List<String> inside = new ArrayList<>(
                    List.of("nsenter", "--target", pid, "--user", "--net", "--preserve-credentials", "--"));
            inside.addAll(command);
            return real.run(inside, input);
        };
        redirect = new Redirect(tool);
    }

    @AfterEach
    void removeNamespace() throws IOException, InterruptedException {
        namespace.getOutputStream().close();
        if (!namespace.waitFor(5, TimeUnit.SECONDS)) {
            namespace.destroyForcibly();
        }
    }

    @Test
    void isLoadedReplacedVerifiedAndRemoved() throws Exception {
        RedirectOptions first = RedirectOptions.DEFAULT.withOwner(new ProxyOwner.Mark(1337));
        RedirectOptions second = RedirectMain.options(List.of(
                "--proxy-mark=7",
                "--exclude-outbound-ports=5432,6379",
                "--include-outbound-ranges=10.96.0.0/12,fd00::/64",
                "--exclude-outbound-ranges=10.99.0.1,fd00::9",
                "--include-inbound-ports=8080"));

        assertThat(redirect.verify(first)).isEqualTo(RedirectRules.expected(first));
        redirect.apply(first);
        assertThat(redirect.verify(first)).isEmpty();
        redirect.apply(first);
        assertThat(redirect.verify(first)).isEmpty();

        redirect.apply(second);
        assertThat(redirect.verify(second)).isEmpty();
        assertThat(redirect.verify(first)).contains("meta mark 0x00000539 goto proxy");

        redirect.remove();
        redirect.remove();
        assertThat(redirect.verify(second)).isEqualTo(RedirectRules.expected(second));
    }

    private String inside(String... command) throws IOException, InterruptedException {
        Tool.Result result = tool.run(List.of(command), "");
        assertThat(result.exit())
                .as("%s: %s", List.of(command), result.output())
                .isZero();
        return result.output();
    }

    /** A way out for the families that are asked for, at whose end nobody is. */
    private void network(boolean v6) throws IOException, InterruptedException {
        inside("ip", "link", "set", "lo", "up");
        inside("ip", "link", "add", "out0", "type", "veth", "peer", "name", "out1");
        inside("ip", "link", "set", "out1", "up");
        inside("ip", "link", "set", "out0", "up");
        inside("ip", "addr", "add", "10.9.0.2/24", "dev", "out0");
        inside("ip", "route", "add", "default", "dev", "out0");
        if (v6) {
            inside("ip", "-6", "addr", "add", "fd09::2/64", "dev", "out0", "nodad");
            inside("ip", "-6", "route", "add", "default", "dev", "out0");
        }
    }

    private Tool.Result program(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TrialProgram.class.getName()));
        command.addAll(List.of(args));
        command.add("--proxy-mark=1337");
        return tool.run(command, "");
    }

    @Test
    void applyProvesThatConnectionsAreCaptured() throws Exception {
        network(true);
        Tool.Result applied = program("apply");
        System.out.print(applied.output());
        assertThat(applied.exit()).isZero();
        assertThat(applied.output()).matches("tried in [0-9]+ us\n");

        inside("nft", "delete", "table", "inet", "tanja");
        Tool.Result deleted = program("verify");
        assertThat(deleted.exit()).isEqualTo(1);
        assertThat(deleted.output()).contains("missing: meta l4proto tcp redirect to :15001\n");
    }

    /** All rules are there, and another one makes them useless: only the trial can tell. */
    @Test
    void rulesThatCaptureNothingFailApplyWithTheReason() throws Exception {
        network(true);
        inside("nft", "add", "table", "inet", "other");
        inside("nft", "add", "chain", "inet", "other", "out", "{ type nat hook output priority -150; }");
        inside("nft", "add", "rule", "inet", "other", "out", "tcp", "dport", "15002", "redirect", "to", ":9");

        Tool.Result applied = program("apply");
        assertThat(applied.exit()).isEqualTo(1);
        assertThat(applied.output())
                .contains("not captured: a connection to 192.0.2.1 port 15002 did not arrive at port 15001: ")
                .contains(
                        "not captured: a connection to 2001:db8:0:0:0:0:0:1 port 15002 did not arrive at port 15001: ");

        inside("nft", "delete", "table", "inet", "other");
        inside("nft", "insert", "rule", "inet", "tanja", "outbound", "return");
        Tool.Result verified = program("verify");
        assertThat(verified.exit()).isEqualTo(1);
        assertThat(verified.output())
                .contains(
                        "not captured: a connection to 192.0.2.1 port 15002 did not arrive at port 15001 within 500 ms");
    }

    @Test
    void aFamilyThatThePodHasNotIsNotMissed() throws Exception {
        network(false);
        Tool.Result applied = program("apply");
        assertThat(applied.exit()).isZero();
        assertThat(applied.output())
                .contains("not tried: nothing can leave to 2001:db8:0:0:0:0:0:1 port 15002 (")
                .doesNotContain("192.0.2.1");
    }

    /** The kernel's own refusal, whose words the remedy is chosen by. */
    @Test
    void withoutThePrivilegeTheKernelRefusesAndTheRemedyIsNamed() {
        Tool real = new ProcessTool();
        String pid = String.valueOf(namespace.pid());
        Redirect deprived = new Redirect((command, input) -> {
            List<String> inside = new ArrayList<>(
                    List.of("nsenter", "--target", pid, "--user", "--net", "--preserve-credentials", "--"));
            inside.addAll(List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"));
            inside.addAll(command);
            return real.run(inside, input);
        });

        assertThatThrownBy(() -> deprived.apply(RedirectOptions.DEFAULT.withOwner(new ProxyOwner.Mark(1337))))
                .isInstanceOf(RedirectException.class)
                .hasMessageContaining("CAP_NET_ADMIN");
    }
}
