package io.tanja.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Needle;
import io.tanja.lab.proof.Verdict;
import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.sandbox.CurrentUser;
import io.tanja.lab.sandbox.InsideProcess;
import io.tanja.lab.table.PodColumns;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pods in the mesh in a real lab: what the packets show, and that nothing goes around a sidecar. */
@Tag("lab")
final class LabMeshTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String MESH = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {istio-injection: enabled}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: street}
            """;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Lab lab;

    @BeforeAll
    static void up() throws IOException {
        lab = Lab.start(LabOptions.named("m" + ProcessHandle.current().pid()));
        lab.apply(MESH
                + server("web")
                + client("client", "shop")
                + client("prover", "shop")
                + client("outsider", "street"));
        lab.awaitReady(PATIENCE);
    }

    @AfterAll
    static void down() throws IOException {
        lab.close();
    }

    @Test
    void theModuleBringsTheControlPlaneAndTheLabelTheSidecar() throws IOException {
        assertThat(lab.status().path("controlPlane").asBoolean(false)).isTrue();
        assertThat(PodColumns.ready(pod("shop", "web"))).isEqualTo("2/2");
        assertThat(PodColumns.ready(pod("street", "outsider"))).isEqualTo("1/1");
        assertThat(pod("shop", "web")
                        .path("metadata")
                        .path("labels")
                        .path("security.istio.io/tlsMode")
                        .asString(""))
                .isEqualTo("istio");
        assertThat(lab.logs("shop", "deploy/web", "istio-proxy")).contains("spiffe://cluster.local/ns/shop/sa/default");
    }

    /** The inside caller has its first connection here: a pooled one would have begun before the capture. */
    @Test
    void insideTheMeshThePacketsAreCiphertextAndFromOutsidePlain() throws IOException {
        CaptureReport inside = captured("shop", "prover", "inside-needle");
        assertThat(inside.allEncrypted()).as("%s", inside).isTrue();
        assertThat(inside.connections()).allMatch(each -> each.found().isEmpty());

        CaptureReport outside = captured("street", "outsider", "outside-needle");
        assertThat(outside.count(Verdict.PLAINTEXT)).as("%s", outside).isPositive();
        assertThat(outside.connections()).anyMatch(each -> !each.found().isEmpty());
    }

    @Test
    void theSidecarHasOnlyThePrivilegesItNeedsAndItsTokenIsItsOwn() throws IOException {
        String expected = CurrentUser.uid() == 0 ? "0000000000000000" : "0000000000001000";
        String status = Files.readString(Path.of("/proc/" + sidecar("web").pid() + "/status"));

        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertThat(status).contains(set + ":\t" + expected + "\n");
        }
        assertThat(status).contains("NoNewPrivs:\t1\n");
        Path token = lab.folder().pods().resolve("shop_" + name("web") + "/istio-token");
        assertThat(token).isNotEmptyFile();
        assertThat(lab.exec("shop", "deploy/web", List.of("cat", token.toString()))
                        .status())
                .isNotZero();
    }

    @Test
    void whenASidecarDiesItsPodIsCutOffAndNothingGoesAroundIt() throws IOException {
        lab.apply(server("doomed") + client("orphan", "shop"));
        lab.awaitReady("shop", "deploy/doomed", PATIENCE);
        lab.awaitReady("shop", "deploy/orphan", PATIENCE);
        InetAddress doomed = lab.addresses("shop", "deploy/doomed").getFirst();
        InetAddress orphan = lab.addresses("shop", "deploy/orphan").getFirst();
        assertThat(get("shop", "orphan", "http://doomed/").status()).isZero();

        lab.killProxy("shop", "deploy/doomed");
        lab.killProxy("shop", "deploy/orphan");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(PodColumns.ready(pod("shop", "doomed"))).isEqualTo("1/2");
            assertThat(PodColumns.status(pod("shop", "doomed"))).isEqualTo("Error");
        });

        PacketCapture capture =
                lab.capture("tcp and (host " + doomed.getHostAddress() + " or host " + orphan.getHostAddress() + ")");
        assertThat(get("street", "outsider", "http://" + doomed.getHostAddress() + "/?around-it")
                        .status())
                .isNotZero();
        assertThat(get("shop", "client", "http://" + doomed.getHostAddress() + "/?around-it")
                        .status())
                .isNotZero();
        assertThat(get("shop", "orphan", "http://web/?around-it").status()).isNotZero();
        CaptureReport report = report(capture, "around-it");

        assertThat(report.count(Verdict.PLAINTEXT)).as("%s", report).isZero();
        assertThat(report.connections()).allMatch(each -> each.found().isEmpty());
        assertThatThrownBy(() -> lab.killProxy("shop", "deploy/doomed"))
                .isInstanceOf(LabClient.Refused.class)
                .hasMessageContaining("no running sidecar");
        lab.delete("deployment", "shop", "doomed");
        lab.delete("deployment", "shop", "orphan");
    }

    @Test
    void withoutTheControlPlaneTrafficGoesOnAndNewPodsWaitForIt() throws IOException {
        assertThat(get("shop", "client", "http://web/").status()).isZero();
        lab.killControlPlane();
        assertThat(lab.status().path("controlPlane").asBoolean(true)).isFalse();
        assertThat(get("shop", "client", "http://web/").status()).isZero();

        lab.apply(client("late", "shop"));
        assertThatThrownBy(() -> lab.awaitReady("shop", "deploy/late", Duration.ofSeconds(3)))
                .isInstanceOf(LabClient.Refused.class);
        assertThat(PodColumns.status(pod("shop", "late"))).isEqualTo("PodInitializing");

        lab.restartControlPlane();
        lab.awaitReady("shop", "deploy/late", PATIENCE);
        assertThat(get("shop", "late", "http://web/").status()).isZero();
        lab.delete("deployment", "shop", "late");
    }

    @Test
    void anAnnotationThatIsWrongKeepsThePodFromStarting() throws IOException {
        lab.apply("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: wrong
                  namespace: shop
                  annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "all"}
                spec: {containers: [{name: a, image: alpine, command: [sleep, infinity]}]}
                """);

        assertThatThrownBy(() -> lab.awaitReady("shop", "wrong", Duration.ofSeconds(2)))
                .hasMessageContaining("CreateContainerError")
                .hasMessageContaining("excludeOutboundPorts");
        lab.delete("pod", "shop", "wrong");
    }

    @Test
    void aPodOptsOutAndItsTokenFolderGoesWithIt() throws IOException {
        lab.apply(client("short", "shop"));
        lab.awaitReady("shop", "deploy/short", PATIENCE);
        Path own = lab.folder().pods().resolve("shop_" + name("short"));
        assertThat(own).isDirectory();
        lab.delete("deployment", "shop", "short");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(own).doesNotExist());

        lab.apply(client("apart", "shop")
                .replace("{app: apart}}\n", "{app: apart, sidecar.istio.io/inject: \"false\"}}\n"));
        lab.awaitReady("shop", "deploy/apart", PATIENCE);
        assertThat(PodColumns.ready(pod("shop", "apart"))).isEqualTo("1/1");
        lab.delete("deployment", "shop", "apart");
    }

    private static CaptureReport captured(String namespace, String client, String needle) throws IOException {
        InetAddress web = lab.addresses("shop", "deploy/web").getFirst();
        PacketCapture capture = lab.capture("host", web.getHostAddress(), "and", "port", "80");
        ExecResult result = get(namespace, client, "http://web.shop/?" + needle);
        assertThat(result.output()).as(result.errors()).contains("Welcome to nginx!");
        return report(capture, needle);
    }

    private static CaptureReport report(PacketCapture capture, String needle) throws IOException {
        return CaptureAnalyzer.analyze(capture.stop(), List.of(new Needle("request", needle)));
    }

    private static ExecResult get(String namespace, String client, String url) throws IOException {
        return lab.exec(namespace, "deploy/" + client, List.of("wget", "-nv", "-O-", "-T", "10", "-t", "1", url));
    }

    private static ProcessHandle sidecar(String deployment) throws IOException {
        JsonNode pod = lab.ask(new Request.Locate("shop", "deploy/" + deployment));
        Path network = network(InsideProcess.find(
                lab.status().path("pidNamespace").asString(""),
                pod.path("anchor").asLong(0)));
        return ProcessHandle.allProcesses()
                .filter(process -> network(process.pid()).equals(network) && isSidecar(process.pid()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isSidecar(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("ProxyMain");
        } catch (IOException e) {
            return false;
        }
    }

    private static Path network(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net"));
        } catch (IOException e) {
            return Path.of("ended");
        }
    }

    private static JsonNode pod(String namespace, String app) throws IOException {
        JsonNode pods = lab.get("pods", namespace, "app=" + app);
        assertThat(pods).isNotEmpty();
        return pods.get(0);
    }

    private static String name(String app) throws IOException {
        return pod("shop", app).path("metadata").path("name").asString("");
    }

    private static String server(String name) {
        return deployment(name, "shop", "{name: nginx, image: nginx, ports: [{containerPort: 80}]}")
                + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: NAME, namespace: shop}
                spec: {selector: {app: NAME}, ports: [{port: 80}]}
                """.replace("NAME", name);
    }

    private static String client(String name, String namespace) {
        return deployment(name, namespace, "{name: alpine, image: alpine, command: [sleep, infinity]}");
    }

    private static String deployment(String name, String namespace, String container) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: NAME, namespace: SPACE}
                spec:
                  selector: {matchLabels: {app: NAME}}
                  template:
                    metadata: {labels: {app: NAME}}
                    spec: {terminationGracePeriodSeconds: 1, containers: [BOX]}
                """.replace("NAME", name).replace("SPACE", namespace).replace("BOX", container);
    }
}
