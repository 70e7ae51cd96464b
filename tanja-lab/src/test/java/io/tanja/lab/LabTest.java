package io.tanja.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.net.NodeNetwork;
import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.sandbox.CurrentUser;
import io.tanja.lab.sandbox.LabName;
import io.tanja.lab.table.PodColumns;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pods outside the mesh in a real lab, as whoever runs the tests. */
@Tag("lab")
final class LabTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LAB = "t" + ProcessHandle.current().pid();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Lab lab;

    @BeforeAll
    static void up() throws IOException {
        lab = Lab.start(LabOptions.named(LAB));
        lab.apply(LabScenario.MANIFEST);
        lab.awaitReady(PATIENCE);
    }

    @AfterAll
    static void down() throws IOException {
        lab.close();
        assertThat(lab.folder().path()).doesNotExist();
    }

    @Test
    void aServiceIsReachedByNameOverBothFamilies() throws IOException {
        for (String command : LabScenario.REQUESTS) {
            ExecResult result = lab.exec("shop", "deploy/client", List.of("sh", "-c", command));
            assertThat(result.status()).as("%s: %s", command, result).isZero();
            assertThat(result.output()).as(command).contains("Welcome to nginx!");
        }
    }

    @Test
    void connectionsToAServiceAreSpreadOverItsPods() throws IOException {
        Set<String> answeredBy = new TreeSet<>();
        for (int i = 0; i < 40 && answeredBy.size() < 2; i++) {
            answeredBy.add(exec("wget -qO- http://who:8080/cgi")
                    .strip()
                    .lines()
                    .findFirst()
                    .orElse(""));
        }

        assertThat(answeredBy).hasSize(2).allMatch(name -> name.startsWith("who-"));
    }

    /** A gateway whose hardware address followed its ports' would strand, for seconds, the pods that know the former. */
    @Test
    void theGatewayIsTheSameWhicheverPodsComeAndGo() throws IOException {
        assertThat(exec("getent hosts web")).isNotEmpty();

        assertThat(exec("cat /proc/net/arp")).contains(NodeNetwork.BRIDGE_MAC);
    }

    @Test
    void aPodReachesItselfThroughItsService() throws IOException {
        ExecResult result = lab.exec("shop", "deploy/alone", List.of("wget", "-qO-", "-T", "5", "http://alone"));

        assertThat(result).matches(ExecResult::succeeded);
    }

    @Test
    void whatDoesNotExistIsRefusedAtOnce() throws IOException {
        assertThat(exec("wget -T 5 -t 1 -O- http://nowhere 2>&1; echo $?"))
                .contains("unable to resolve")
                .endsWith("4\n");
        assertThat(exec("wget -T 5 -t 1 -O- http://web:81 2>&1; echo $?")).contains("Connection refused");
        assertThat(exec("wget -T 5 -t 1 -O- http://web.shop.svc.cluster.local/missing 2>&1; echo $?"))
                .contains("404");
    }

    @Test
    void anApplicationHasNoPrivileges() throws IOException {
        String status = exec("cat /proc/self/status; id -u; hostname; ls /tmp");

        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertThat(status).contains(set + ":\t0000000000000000\n");
        }
        assertThat(status).contains("NoNewPrivs:\t1\n").contains("\nclient-");
        assertThat(status).doesNotContain("\ntanja-");
        int uid = CurrentUser.uid();
        assertThat(status).contains("\n" + (uid == 0 ? 65534 : uid) + "\n");
    }

    @Test
    void theStatusOfACommandIsPassedOnAndItsOutputKeptApart() throws IOException {
        ExecResult result = lab.exec("shop", "deploy/client", List.of("sh", "-c", "echo out; echo err >&2; exit 7"));

        assertThat(result).isEqualTo(new ExecResult(7, "out\n", "err\n"));
    }

    @Test
    void theCaptureOnTheNodeSeesThePodsTraffic() throws IOException {
        InetAddress web = lab.addresses("shop", "deploy/web").getFirst();
        PacketCapture capture = lab.capture("host", web.getHostAddress(), "and", "port", "80");
        assertThat(exec("wget -qO- http://" + web.getHostAddress() + "/?needle=haystack"))
                .contains("Welcome");
        byte[] packets = Files.readAllBytes(capture.stop());

        assertThat(new String(packets, StandardCharsets.ISO_8859_1))
                .contains("GET /?needle=haystack")
                .contains("Welcome to nginx!");
        assertThatThrownBy(capture::stop).isInstanceOf(LabClient.Refused.class);
        assertThatThrownBy(() -> lab.capture("no", "such", "filter"))
                .isInstanceOf(LabClient.Refused.class)
                .hasMessageContaining("tcpdump");
    }

    @Test
    void podsLookAsOnACluster() throws IOException {
        JsonNode pods = lab.get("pods", "shop", "app=web");

        assertThat(pods).hasSize(1);
        assertThat(PodColumns.ready(pods.get(0))).isEqualTo("1/1");
        assertThat(PodColumns.status(pods.get(0))).isEqualTo("Running");
        assertThat(lab.logs("shop", "deploy/web", "web")).doesNotContain("emerg");
    }

    @Test
    void anUnknownImageSaysWhichFileToExtend() throws IOException {
        lab.apply("apiVersion: v1\nkind: Pod\nmetadata: {name: mystery, namespace: default}\n"
                + "spec: {containers: [{name: a, image: \"corp/mystery:1\"}]}\n");

        assertThatThrownBy(() -> lab.awaitReady("default", "mystery", Duration.ofSeconds(1)))
                .isInstanceOf(LabClient.Refused.class)
                .hasMessageContaining("ErrImagePull")
                .hasMessageContaining("images.yaml");
        lab.delete("pod", "default", "mystery");
    }

    @Test
    void aPodWhoseProcessDiesIsShownAndNoLongerServes() throws IOException {
        lab.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: brief}\n---\n"
                + "apiVersion: v1\nkind: Pod\nmetadata: {name: brief, namespace: brief}\n"
                + "spec: {containers: [{name: a, image: alpine, command: [sh, -c, \"exit 3\"]}]}\n");

        assertThatThrownBy(() -> lab.awaitReady("brief", "brief", Duration.ofSeconds(2)))
                .hasMessageContaining("has ended with status 3");
        lab.delete("namespace", "", "brief");
        awaitNone("brief");
    }

    @Test
    void deletingRemovesProcessesAndNames() throws IOException {
        lab.apply(LabScenario.MANIFEST.replace("shop", "gone"));
        lab.awaitReady("gone", "", PATIENCE);
        assertThat(exec("wget -O- http://web.gone 2>&1")).contains("Welcome");
        lab.delete("namespace", "", "gone");
        awaitNone("gone");

        assertThat(exec("wget -T 5 -t 1 -O- http://web.gone 2>&1; echo $?")).contains("unable to resolve");
        assertThatThrownBy(() -> lab.locate("gone", "deploy/web")).isInstanceOf(LabClient.Refused.class);
    }

    @Test
    void aBrokenManifestChangesNothing() throws IOException {
        assertThatThrownBy(() -> lab.apply(
                        "apiVersion: v1\nkind: Namespace\nmetadata: {name: half}\n---\napiVersion: v1\nkind: Pod\n"))
                .isInstanceOf(LabClient.Refused.class);
        assertThatThrownBy(() -> lab.locate("half", "x")).isInstanceOf(LabClient.Refused.class);
        assertThat(lab.get("namespaces", "", "")
                        .valueStream()
                        .map(each -> each.path("metadata").path("name").asString("")))
                .doesNotContain("half");
    }

    @Test
    void aSecondLabOfTheNameIsRefusedAndAnotherUnknown() {
        assertThatThrownBy(() -> Lab.start(LabOptions.named(LAB)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is up already")
                .hasMessageContaining("tanja lab down --name " + LAB);
        assertThatThrownBy(() -> Lab.connect(new LabName("no-such-lab")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tanja lab up --name no-such-lab");
        assertThat(Path.of(lab.folder().path().toString())).isDirectory();
    }

    private static String exec(String command) throws IOException {
        return lab.exec("shop", "deploy/client", List.of("sh", "-c", command)).output();
    }

    private static void awaitNone(String namespace) throws IOException {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> lab.get("pods", namespace, "").isEmpty());
    }
}
