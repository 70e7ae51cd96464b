package io.tanja.diagnose.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartiesTest {
    @Test
    void gathersAddressesByNodeAndKnowsThePodsByThem() throws Exception {
        Parties parties = Parties.of(
                List.of(pod("client", "n1", false, "10.0.0.1")),
                List.of(pod("web-1", "n1", false, "10.0.0.2", "fd00::2"), pod("web-2", "n2", false, "10.0.0.3")));

        assertThat(parties.left()).containsExactly(InetAddress.ofLiteral("10.0.0.1"));
        assertThat(parties.byNode())
                .containsExactly(
                        java.util.Map.entry(
                                "n1", List.of(InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("fd00::2"))),
                        java.util.Map.entry("n2", List.of(InetAddress.ofLiteral("10.0.0.3"))));
        assertThat(parties.show(new InetSocketAddress("10.0.0.3", 80))).isEqualTo("shop/web-2:80");
        assertThat(parties.show(new InetSocketAddress("10.0.0.9", 80))).isEqualTo("10.0.0.9:80");
    }

    @Test
    void refusesAPodWithoutAnAddressOfItsOwn() {
        assertThatThrownBy(() -> Parties.of(
                        List.of(pod("client", "n1", false, "10.0.0.1")),
                        List.of(pod("agent", "n1", true, "192.0.2.1"))))
                .hasMessageContaining("pod shop/agent")
                .hasMessageContaining("node's network");
    }

    @Test
    void tellsTcpdumpTheAddressesOfBothEndsAndWhenToEnd() {
        List<String> words = CaptureCommandLine.of(
                7,
                List.of(InetAddress.ofLiteral("10.0.0.1")),
                List.of(InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("fd00::2")));

        assertThat(words).startsWith("timeout", "-s", "INT", "7", "tcpdump").containsSequence("-w", "-");
        assertThat(String.join(" ", words))
                .endsWith(" tcp and (host 10.0.0.1) and (host 10.0.0.2 or host fd00:0:0:0:0:0:0:2)");
    }

    @Test
    void theCapturingPodHasNoMoreRightsThanItNeedsAndEndsByItself() {
        Pod pod = CapturePod.of("kube-system", "tanja-verify-1", "n1", "image:1", 125);

        assertThat(pod.getSpec().getNodeName()).isEqualTo("n1");
        assertThat(pod.getSpec().getHostNetwork()).isTrue();
        assertThat(pod.getSpec().getHostPID()).isNull();
        assertThat(pod.getSpec().getActiveDeadlineSeconds()).isEqualTo(125);
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getVolumes()).isEmpty();
        var security = pod.getSpec().getContainers().getFirst().getSecurityContext();
        assertThat(security.getPrivileged()).isNull();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).containsExactly("NET_RAW", "SETGID");
    }

    private static Pod pod(String name, String node, boolean hostNetwork, String... addresses) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withHostNetwork(hostNetwork)
                .endSpec()
                .withNewStatus()
                .withPodIP(addresses[0])
                .endStatus();
        for (String address : addresses) {
            pod.editStatus().addNewPodIP(address).endStatus();
        }
        return pod.build();
    }
}
