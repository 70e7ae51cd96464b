package io.tanja.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.ExecResult;
import io.tanja.lab.days.Row;
import io.tanja.lab.proof.CaptureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What breaks on a cluster while requests are under way from a pod on one node to pods on both: no request may fail, and no byte be
 * readable. Needs a cluster of {@code KUBECONFIG} on which Tanja is installed, and {@code TANJA_NODE_EXEC}.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterBadDaysTest {
    private static final Path FOLDER = Path.of("target/cluster-days");
    private static final List<Row> ROWS = new ArrayList<>();
    private static final String SYSTEM = "tanja-system";
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("tanja.days.away", 45));

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ClusterStreet street;

    @BeforeAll
    static void open() throws Exception {
        street = ClusterStreet.open(FOLDER);
    }

    @AfterAll
    static void close() throws Exception {
        String table = Row.table(ROWS);
        System.out.println(table);
        Files.writeString(FOLDER.resolve("table.md"), table);
        if (street != null) {
            street.close();
        }
    }

    /** What happens on a day, and what is to be said of it. */
    private interface Day {
        String live() throws IOException, InterruptedException;
    }

    private static void unnoticed(String name, Day day) throws IOException, InterruptedException {
        street.awaitTraffic();
        try (NodePackets packets = street.capture(name)) {
            Instant begin = Instant.now();
            String observed = day.live();
            street.awaitTraffic();
            Instant end = Instant.now();
            List<CaptureReport> reports = street.own(packets.stop());
            ClusterStreet.Tally tally = street.tally(begin, end);
            Row row = new Row(
                    name,
                    tally.answered() + tally.failures().size(),
                    tally.failures().size(),
                    NodePackets.encrypted(reports),
                    NodePackets.plaintext(reports),
                    observed);
            ROWS.add(row);
            System.out.println(row);
            assertThat(tally.failures()).as("%s", row).isEmpty();
            assertThat(tally.answered()).as("%s", row).isPositive();
            assertThat(row.plaintext()).as("%s", row).isZero();
            assertThat(row.encrypted()).as("%s", row).isPositive();
        }
    }

    @Test
    @Order(1)
    void theLeadingReplicaOfTheControlPlaneIsKilled() throws Exception {
        unnoticed("the control plane's leader killed", () -> {
            String leader =
                    street.kubectl("-n " + SYSTEM + " get lease tanja-leader -o jsonpath={.spec.holderIdentity}");
            street.kubectl("-n " + SYSTEM + " delete pod " + leader + " --grace-period=0 --force");
            long start = System.nanoTime();
            street.until(
                    "another leader",
                    () -> !street.kubectl("-n " + SYSTEM + " get lease tanja-leader -o jsonpath={.spec.holderIdentity}")
                            .equals(leader));
            String after = "another led after " + millisSince(start) + " ms";
            street.kubectl("-n " + SYSTEM + " rollout status deploy/tanja-control --timeout=120s");
            return after;
        });
    }

    @Test
    @Order(2)
    void theWholeControlPlaneIsAway() throws Exception {
        unnoticed("the whole control plane away for " + AWAY.toSeconds() + " s", () -> {
            street.kubectl("-n " + SYSTEM + " scale deploy/tanja-control --replicas=0");
            street.until(
                    "no control plane",
                    () -> street.kubectl("-n " + SYSTEM + " get pods -o name").isEmpty());
            Thread.sleep(AWAY);
            ExecResult refused = street.tryKubectl(
                    "-n " + ClusterStreet.NAMESPACE + " run probe --image=docker.io/library/alpine:3.21 -- sleep 1");
            assertThat(refused.succeeded())
                    .as("a new pod of a meshed namespace: %s", refused.errors())
                    .isFalse();
            street.kubectl("-n " + SYSTEM + " scale deploy/tanja-control --replicas=2");
            street.kubectl("-n " + SYSTEM + " rollout status deploy/tanja-control --timeout=120s");
            return "a new pod was refused meanwhile: no webhook, no pod";
        });
    }

    @Test
    @Order(3)
    void theApiServerStalls() throws Exception {
        unnoticed("the API server stopped for " + AWAY.toSeconds() + " s", () -> {
            Stopped.during("apiserver", AWAY);
            street.until(
                    "the API server",
                    () -> street.tryKubectl("get --raw /readyz").succeeded());
            return "";
        });
    }

    @Test
    @Order(4)
    void etcdIsSlow() throws Exception {
        unnoticed("etcd stopped for 700 ms of each second, 20 s long", () -> {
            for (int i = 0; i < 20; i++) {
                Stopped.during("etcd", Duration.ofMillis(700));
                Thread.sleep(300);
            }
            return "";
        });
    }

    @Test
    @Order(5)
    void aSecretWithACaIsGarbage() throws Exception {
        unnoticed("Secret cacerts replaced by garbage", () -> {
            street.kubectl("-n " + SYSTEM + " create secret generic cacerts --from-literal=ca-cert.pem=garbage"
                    + " --from-literal=ca-key.pem=garbage --from-literal=root-cert.pem=garbage"
                    + " --from-literal=cert-chain.pem=garbage");
            try {
                street.until(
                        "a complaint about cacerts",
                        () -> street.kubectl("-n " + SYSTEM + " logs -l app=tanja-control --tail=200")
                                .contains("cacerts"));
                street.newPodIsServed("after-garbage");
                return "refused and told; a new pod got its certificate from the CA in force";
            } finally {
                street.kubectl("-n " + SYSTEM + " delete secret cacerts");
            }
        });
    }

    @Test
    @Order(6)
    void aPodIsEvictedInTheMiddleOfAResponse() throws Exception {
        unnoticed("a pod deleted in the middle of its response", () -> {
            String answer = street.slowAnswerWhileDeleted();
            assertThat(answer).endsWith("last-byte");
            return "the response of " + answer.length() + " bytes, begun before, came whole";
        });
    }

    @Test
    @Order(7)
    void serverAndClientAreRolled() throws Exception {
        street.rate(500);
        unnoticed("rolling restart of server and client at 500 requests per second", () -> {
            street.kubectl("-n " + ClusterStreet.NAMESPACE + " rollout restart deploy/webserver");
            street.kubectl("-n " + ClusterStreet.NAMESPACE + " rollout status deploy/webserver --timeout=180s");
            street.kubectl("-n " + ClusterStreet.NAMESPACE + " rollout restart deploy/load");
            street.kubectl("-n " + ClusterStreet.NAMESPACE + " rollout status deploy/load --timeout=180s");
            return "";
        });
    }

    @Test
    @Order(8)
    void aKubeletIsRestarted() throws Exception {
        unnoticed("a node's kubelet killed and started", () -> {
            street.restartKubelet();
            return "";
        });
    }

    @Test
    @Order(9)
    void theModuleIsDisabled() throws Exception {
        unnoticed("ModuleConfig disabled and enabled again", () -> {
            street.kubectl("patch moduleconfig istio --type=merge -p '{\"spec\":{\"enabled\":false}}'");
            try {
                street.until(
                        "webhooks that let pass", () -> street.failurePolicies().equals("Ignore Ignore Ignore Ignore"));
                String said = street.runPod("unmeshed");
                assertThat(said).as("a warning to whoever makes a pod").contains("istio is not enabled");
                street.until(
                        "a pod without a sidecar",
                        () -> street.ready("unmeshed").equals("1/1"));
            } finally {
                street.kubectl("patch moduleconfig istio --type=merge -p '{\"spec\":{\"enabled\":true}}'");
            }
            street.until("webhooks that do not", () -> street.failurePolicies().equals("Fail Fail Fail Fail"));
            return "running pods went on in mutual TLS; a new one got no sidecar, and a warning said so";
        });
    }

    @Test
    @Order(10)
    void theLabelIsRemoved() throws Exception {
        unnoticed("the namespace's label removed and put back", () -> {
            street.kubectl("label namespace " + ClusterStreet.NAMESPACE + " istio-injection-");
            try {
                street.runPod("unlabelled");
                street.until(
                        "a pod without a sidecar",
                        () -> street.ready("unlabelled").equals("1/1"));
            } finally {
                street.kubectl("label namespace " + ClusterStreet.NAMESPACE + " istio-injection=enabled");
            }
            street.runPod("labelled");
            street.until("a pod with a sidecar", () -> street.ready("labelled").equals("2/2"));
            return "running pods went on in mutual TLS; a new one got no sidecar, the next one did";
        });
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
