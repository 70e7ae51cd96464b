package io.tanja.proxy.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {
    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CaptureTrial.Result trial = new CaptureTrial.Result(List.of(), List.of());

    private int run(Tool tool, String... args) throws InterruptedException {
        return RedirectMain.run(List.of(args), tool, options -> trial, print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Tool answering(int exit, String output) {
        return (command, input) -> {
            commands.add(command);
            inputs.add(input);
            return new Tool.Result(exit, output);
        };
    }

    @Test
    void theRulesOfIstiosDefaults() {
        assertThat(RedirectRules.apply(RedirectOptions.DEFAULT)).isEqualTo("""
                        table inet tanja
                        delete table inet tanja
                        table inet tanja {
                          chain prerouting {
                            type nat hook prerouting priority dstnat; policy accept;
                            jump inbound
                          }
                          chain inbound {
                            tcp dport 15008 return
                            tcp dport { 15020, 15021, 15090 } return
                            meta l4proto tcp redirect to :15006
                          }
                          chain output {
                            type nat hook output priority -100; policy accept;
                            jump outbound
                          }
                          chain outbound {
                            oifname "lo" ip saddr 127.0.0.6 return
                            oifname "lo" ip6 saddr ::6 return
                            meta skuid 1337 goto proxy
                            meta skgid 1337 goto proxy
                            oifname "lo" return
                            ip daddr 127.0.0.1 return
                            ip6 daddr ::1 return
                            meta l4proto tcp redirect to :15001
                          }
                          chain proxy {
                            oifname "lo" ip daddr != 127.0.0.1 tcp dport != 15008 redirect to :15006
                            oifname "lo" ip6 daddr != ::1 tcp dport != 15008 redirect to :15006
                          }
                        }
                        """);
    }

    @Test
    void inclusionsAndExclusionsAreTakenFromTheArguments() throws InterruptedException {
        int exit = run(
                answering(0, ""),
                "print",
                "--proxy-mark=1337",
                "--exclude-inbound-ports",
                "9000,9001",
                "--exclude-outbound-ports",
                "5432",
                "--include-outbound-ranges",
                "10.96.3.7/12,fd00:0:0::1/64",
                "--exclude-outbound-ranges",
                "10.99.0.1",
                "--include-outbound-ports",
                "443,80");
        assertThat(exit).isZero();
        assertThat(commands).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "tcp dport { 9000, 9001, 15020, 15021, 15090 } return\n",
                        "tcp dport 5432 return\n",
                        "meta mark 0x00000539 goto proxy\n",
                        "ip daddr 10.99.0.1 return\n",
                        "tcp dport { 80, 443 } redirect to :15001\n",
                        "ip daddr 10.96.0.0/12 meta l4proto tcp redirect to :15001\n",
                        "ip6 daddr fd00::/64 meta l4proto tcp redirect to :15001\n")
                .doesNotContain("skuid", "    meta l4proto tcp redirect to :15001");
    }

    @Test
    void inboundPortsCanBeChosen() throws InterruptedException {
        run(answering(0, ""), "print", "--include-inbound-ports", "8080");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("tcp dport 8080 redirect to :15006\n")
                .doesNotContain("    meta l4proto tcp redirect to :15006");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --inbound-port|0|inboundPort: 0 is not a port
                    --exclude-inbound-ports|80,x|"x" is not a number
                    --exclude-outbound-ranges|10.0.0.0/33|must be 0 to 32
                    --exclude-outbound-ranges|example.com|is not an address range
                    --proxy-uid|0|above 0
                    --proxy-mark|-1|above 0
                    --colour|red|unknown option --colour
                    --verify|maybe|--verify: expected on or off
                    """)
    void wrongArgumentsAreNamed(String option, String value, String message) throws InterruptedException {
        assertThat(run(answering(0, ""), "apply", option, value)).isEqualTo(2);
        assertThat(errors()).contains(message);
        assertThat(commands).isEmpty();
    }

    @Test
    void applyLoadsOneTransactionAndPutsTheSourceAddressOnLo() throws InterruptedException {
        assertThat(run(answering(0, ""), "apply", "--verify=off")).isZero();
        assertThat(commands)
                .containsExactly(
                        List.of("nft", "-f", "-"), List.of("ip", "-6", "addr", "replace", "::6/128", "dev", "lo"));
        assertThat(inputs.getFirst()).isEqualTo(RedirectRules.apply(RedirectOptions.DEFAULT));
    }

    @Test
    void applyVerifiesWhatItLoadedAndTriesIt() throws InterruptedException {
        String rules = RedirectRules.apply(RedirectOptions.DEFAULT);
        String table = rules.substring(rules.indexOf("table inet tanja {"));
        assertThat(run(answering(0, table), "apply")).isZero();
        assertThat(commands).last().isEqualTo(List.of("nft", "list", "ruleset", "inet"));
        assertThat(errors()).isEmpty();

        assertThat(run(answering(0, "table inet other {\n}\n"), "apply")).isEqualTo(1);
        assertThat(errors()).contains("missing: meta l4proto tcp redirect to :15001\n");
        err.reset();

        trial = new CaptureTrial.Result(List.of("it went away"), List.of("IPv6: none"));
        for (String action : List.of("apply", "verify")) {
            assertThat(run(answering(0, table), action)).isEqualTo(1);
            assertThat(errors())
                    .contains("not tried: IPv6: none\n", "not captured: it went away; look for other rules");
            err.reset();
        }
        trial = new CaptureTrial.Result(List.of(), List.of("port 15001 is taken"));
        assertThat(run(answering(0, table), "apply")).isZero();
        assertThat(errors()).isEqualTo("not tried: port 15001 is taken\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    |192.0.2.1:15002|2001:db8::1:15002
                    --exclude-outbound-ports=15002,15003|192.0.2.1:15005|2001:db8::1:15005
                    --exclude-outbound-ranges=192.0.0.0/8,2001:db8::/32|198.51.100.1:15002|none
                    --exclude-outbound-ranges=0.0.0.0/0|none|2001:db8::1:15002
                    --include-outbound-ranges=10.96.0.9/12|10.96.0.1:15002|none
                    --include-outbound-ranges=10.96.0.9|10.96.0.9:15002|none
                    --include-outbound-ranges=0.0.0.0/0,::/0|192.0.2.1:15002|2001:db8::1:15002
                    --include-outbound-ranges=10.96.0.9/12 --exclude-outbound-ranges=10.0.0.0/8|none|none
                    --include-outbound-ranges= --include-outbound-ports=80,443|192.0.2.1:80|2001:db8::1:80
                    --include-outbound-ranges= --include-outbound-ports=80 --exclude-outbound-ports=80|none|none
                    --include-outbound-ranges=|none|none
                    """)
    void theTrialGoesWhereTheOptionsCapture(@Nullable String flags, @Nullable String v4, @Nullable String v6) {
        RedirectOptions options = RedirectMain.options(flags == null ? List.of() : List.of(flags.split(" ", -1)));
        assertThat(TrialTarget.of(options, true).map(RedirectTest::text).orElse(null))
                .isEqualTo(v4);
        assertThat(TrialTarget.of(options, false).map(RedirectTest::text).orElse(null))
                .isEqualTo(v6);
    }

    private static String text(InetSocketAddress address) {
        return NetUtil.toAddressString(address.getAddress()) + ":" + address.getPort();
    }

    @Test
    void missingPrivilegesAndMissingToolsNameTheRemedy() throws InterruptedException {
        assertThat(run(answering(1, "netlink: Error: Operation not permitted"), "apply"))
                .isEqualTo(1);
        assertThat(errors()).contains("CAP_NET_ADMIN");
        Tool missing = (command, input) -> {
            throw new IOException("Cannot run program \"nft\"");
        };
        assertThat(run(missing, "apply")).isEqualTo(1);
        assertThat(errors()).contains("install the package nftables");
    }

    @Test
    void verifyNamesWhatIsMissing() throws Exception {
        String listing = RedirectRules.apply(RedirectOptions.DEFAULT);
        String table = listing.substring(listing.indexOf("table inet tanja {"));
        assertThat(new Redirect(answering(0, table)).verify(RedirectOptions.DEFAULT))
                .isEmpty();
        assertThat(new Redirect(answering(0, table.replace(":15001", ":15002"))).verify(RedirectOptions.DEFAULT))
                .containsExactly("meta l4proto tcp redirect to :15001");
        assertThat(new Redirect(answering(0, table.replace("jump outbound", ""))).verify(RedirectOptions.DEFAULT))
                .containsExactly("jump outbound");
        assertThat(new Redirect(answering(0, "table inet other {\n}\n")).verify(RedirectOptions.DEFAULT))
                .isEqualTo(RedirectRules.expected(RedirectOptions.DEFAULT));
        assertThatThrownBy(() -> new Redirect(answering(1, "Operation not permitted")).verify(RedirectOptions.DEFAULT))
                .isInstanceOf(RedirectException.class);
    }
}
