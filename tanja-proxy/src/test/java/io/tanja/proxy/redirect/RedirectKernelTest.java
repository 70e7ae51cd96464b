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

    @BeforeEach
    void makeNamespace() throws IOException {
        // The child says when it is inside; it ends with its input, so that nothing is left whatever ends the test.
        namespace = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo in; cat")
                .redirectErrorStream(true)
                .start();
        assertThat(namespace.inputReader().readLine()).isEqualTo("in");
        String pid = String.valueOf(namespace.pid());
        Tool real = new ProcessTool();
        redirect = new Redirect((command, input) -> {
            List<String> inside = new ArrayList<>(
                    List.of("nsenter", "--target", pid, "--user", "--net", "--preserve-credentials", "--"));
            inside.addAll(command);
            return real.run(inside, input);
        });
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
