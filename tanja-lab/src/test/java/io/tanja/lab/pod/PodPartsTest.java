package io.tanja.lab.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.pod.ContainerState.Running;
import io.tanja.lab.pod.ContainerState.Terminated;
import io.tanja.lab.pod.ContainerState.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class PodPartsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final ContainerState WAITING = new Waiting("ContainerCreating", "");
    private static final ContainerState READY = new Running(NOW, true);
    private static final ContainerState UNREADY = new Running(NOW, false);
    private static final ContainerState DONE = new Terminated(0, NOW, NOW);
    private static final ContainerState FAILED = new Terminated(137, NOW, NOW);

    @Test
    void aPodIsReadyWhenAllItsContainersAre() {
        assertThat(status(READY, READY).ready()).isTrue();
        assertThat(status(READY, UNREADY).ready()).isFalse();
        assertThat(status(READY, WAITING).ready()).isFalse();
        assertThat(status(READY, FAILED).ready()).isFalse();
        assertThat(new PodStatus(Map.of("a", READY), 1, true).ready()).isFalse();
    }

    @Test
    void thePhaseIsKubernetes() {
        assertThat(status(READY, WAITING).phase()).isEqualTo("Pending");
        assertThat(status(READY, FAILED).phase()).isEqualTo("Running");
        assertThat(status(DONE, DONE).phase()).isEqualTo("Succeeded");
        assertThat(status(DONE, FAILED).phase()).isEqualTo("Failed");
    }

    @Test
    void thePlanSeparatesTheSidecarFromTheContainers() throws IOException {
        ObjectNode tree = (ObjectNode) Yaml.single("""
                spec:
                  serviceAccountName: shop-web
                  containers:
                  - name: web
                    image: nginx
                    args: [-g, "daemon off;"]
                    env: [{name: A, value: "1"}, {name: B, valueFrom: {fieldRef: {fieldPath: x}}}]
                    ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]
                  - name: istio-proxy
                """, "pod");
        PodPlan plan = PodPlan.read(
                new LabObject(new ObjectKey(Kind.POD, "shop", "web-1"), tree),
                10,
                List.of(InetAddress.ofLiteral("10.111.0.10")));

        assertThat(plan.meshed()).isTrue();
        assertThat(plan.serviceAccount()).isEqualTo("shop-web");
        assertThat(plan.containers())
                .containsExactly(new ContainerPlan(
                        "web", "nginx", List.of(), List.of("-g", "daemon off;"), Map.of("A", "1"), "", List.of(80)));
    }

    @Test
    void listeningPortsAreReadFromTheKernelsTable() throws IOException {
        assertThat(Listening.parse(List.of(
                        "  sl  local_address rem_address   st tx_queue rx_queue",
                        "   0: 00000000:0050 00000000:0000 0A 00000000:00000000",
                        "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000",
                        "   2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0",
                        "garbage",
                        "")))
                .containsExactly(80, 443);
        try (ServerSocket socket = new ServerSocket(0)) {
            assertThat(Listening.ports(ProcessHandle.current().pid())).contains(socket.getLocalPort());
        }
    }

    @Test
    void nothingButTheUserSidecarKeepsACapability() {
        Privileges root = new Privileges(true);
        Privileges user = new Privileges(false);

        assertThat(root.application()).contains("--reuid=65534", "--bounding-set=-all", "--no-new-privs");
        assertThat(root.sidecar()).contains("--reuid=1337", "--regid=1337", "--bounding-set=-all");
        assertThat(root.mark()).isZero();
        assertThat(user.application()).contains("--ambient-caps=-all", "--inh-caps=-all", "--bounding-set=-all");
        assertThat(user.sidecar()).contains("--ambient-caps=-all,+net_admin", "--bounding-set=-all,+net_admin");
        assertThat(user.mark()).isEqualTo(1337);
    }

    private static PodStatus status(ContainerState first, ContainerState second) {
        Map<String, ContainerState> states = new LinkedHashMap<>();
        states.put("a", first);
        states.put("b", second);
        return new PodStatus(states, 1, false);
    }
}
