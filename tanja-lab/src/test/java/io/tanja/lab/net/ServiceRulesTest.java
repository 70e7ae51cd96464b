package io.tanja.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceRulesTest {
    private static final String ADD = "add rule inet tanja_lab ";

    @Test
    void connectionsAreSpreadOverTheEndpointsOfTheirFamily() {
        List<String> rules = rules(
                service("10.96.0.10", 80, false, "10.111.0.11", "10.111.0.12"),
                service("fd74:616e:6a61:2::a", 80, false, "fd74:616e:6a61:1::b"));

        assertThat(rules)
                .contains(ADD + "services ip daddr 10.96.0.10 tcp dport 80 dnat ip to numgen random mod 2 map"
                        + " { 0 : 10.111.0.11 . 8080, 1 : 10.111.0.12 . 8080 }")
                .contains(ADD + "services ip6 daddr fd74:616e:6a61:2::a tcp dport 80 dnat ip6 to numgen random mod 1"
                        + " map { 0 : fd74:616e:6a61:1::b . 8080 }");
    }

    @Test
    void aPodThatReachesItselfSeesAnotherAddress() {
        assertThat(rules(service("10.96.0.10", 80, false, "10.111.0.11")))
                .contains(ADD + "hairpin ip saddr . ip daddr { 10.111.0.11 . 10.111.0.11 } masquerade");
    }

    @Test
    void aServiceWithoutEndpointsIsRefusedNotDropped() {
        List<String> rules = rules(service("10.96.0.10", 80, false));

        assertThat(rules).noneMatch(rule -> rule.contains("dnat"));
        assertThat(rules).contains(ADD + "forward ip daddr 10.96.0.0/16 reject with icmpx type port-unreachable");
    }

    @Test
    void udpPortsAreBalancedAsUdp() {
        assertThat(rules(service("10.96.0.10", 53, true, "10.111.0.11")))
                .anyMatch(rule -> rule.contains("ip daddr 10.96.0.10 udp dport 53 dnat"));
    }

    @Test
    void nothingIsForwardedButPodToPodAndTheNewRulesReplaceTheOld() {
        List<String> rules = rules();

        assertThat(rules)
                .contains("add chain inet tanja_lab forward { type filter hook forward priority filter; policy drop; }")
                .contains("flush chain inet tanja_lab services")
                .contains("flush chain inet tanja_lab hairpin")
                .contains("flush chain inet tanja_lab forward");
        assertThat(rules.getLast()).isEqualTo(ADD + "forward iifname \"tanja0\" oifname \"tanja0\" accept");
    }

    private static List<String> rules(VirtualService... services) {
        return ServiceRules.script(List.of(services)).lines().toList();
    }

    private static VirtualService service(String address, int port, boolean udp, String... endpoints) {
        List<InetSocketAddress> sockets = List.of(endpoints).stream()
                .map(each -> new InetSocketAddress(InetAddress.ofLiteral(each), 8080))
                .toList();
        return new VirtualService(InetAddress.ofLiteral(address), port, udp, sockets);
    }
}
