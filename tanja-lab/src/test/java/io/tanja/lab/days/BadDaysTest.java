package io.tanja.lab.days;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.PacketCapture;
import io.tanja.lab.proof.CaptureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What breaks while requests are under way. Certificates live for seconds here, so that every day has renewals in it. A
 * killed sidecar is in LabMeshTest. Each day ends with everything well; the order only puts the long one last.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class BadDaysTest {
    private static final Duration LIFETIME = Duration.ofSeconds(16);
    private static final List<Row> ROWS = new ArrayList<>();
    private static final String REQUESTS = "istio_requests_total";
    private static final String DROPPED = "tanja_access_log_dropped_total";
    private static final String DENY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: NAME, namespace: shop}
            spec:
              action: DENY
              selector: {matchLabels: {app: web}}
              rules: [{to: [{operation: {ports: ["80"], paths: ["/NAME"]}}]}]
            """;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Street street;

    @BeforeAll
    static void open() throws IOException {
        street = Street.open(LIFETIME);
    }

    @AfterAll
    static void close() throws IOException {
        System.out.println(Row.table(ROWS));
        street.close();
    }

    /** What happens on a day, and what is to be said of it. */
    private interface Day {
        String live() throws IOException;
    }

    /** Runs a day under traffic and asserts that no caller noticed. */
    private static void unnoticed(String name, Day day) throws IOException {
        unnoticed(name, "client", day);
    }

    private static void unnoticed(String name, String client, Day day) throws IOException {
        PacketCapture capture = street.capture();
        try (Load kept = Load.kept(street.lab, Street.NAMESPACE, client, Street.HTTP);
                Load fresh = Load.fresh(street.lab, Street.NAMESPACE, client, Street.TCP)) {
            long before = street.metric(client, REQUESTS);
            soon(() -> assertThat(street.metric(client, REQUESTS)).isGreaterThan(before + 50));
            String observed = day.live();
            List<Load.Tally> tallies = List.of(kept.end(), fresh.end());
            Row row = Row.of(name, tallies, street.packets(capture), observed);
            ROWS.add(row);
            assertThat(tallies).as("%s", row).allMatch(tally -> tally.failures() == 0 && tally.requests() > 0);
            assertThat(row.plaintext()).as("%s", row).isZero();
            assertThat(row.encrypted()).as("%s", row).isPositive();
        }
    }

    @Test
    @Order(1)
    void theControlPlaneIsKilledAndComesBack() throws IOException {
        unnoticed("control plane killed, back after some seconds", () -> {
            street.lab.killControlPlane();
            for (int i = 0; i < 5; i++) {
                assertThat(street.get("client", Street.HTTP).status()).isZero();
            }
            street.lab.restartControlPlane();
            long start = System.nanoTime();
            arrives("after-restart");
            return "a policy applied at the restart arrived after " + millisSince(start) + " ms";
        });
    }

    @Test
    @Order(2)
    void theManifestFolderGoesAwayAndComesBackWithABrokenFile() throws IOException {
        Path folder = street.lab.folder().manifests();
        Path away = folder.resolveSibling("manifests-away");
        Path broken = folder.resolve("broken.yaml");
        Path unknown = folder.resolve("unknown.yaml");
        unnoticed("manifest folder gone, back with broken files", () -> {
            Files.move(folder, away);
            Files.writeString(
                    away.resolve("broken.yaml"),
                    "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: [\n");
            Files.writeString(
                    away.resolve("unknown.yaml"),
                    "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
                            + "metadata: {name: x, namespace: shop}\nspec: {mtls: {mood: STRICT}}\n");
            soon(() -> assertThat(controlLog()).containsIgnoringCase("manifests"));
            Files.move(away, folder);
            arrives("after-the-folder");
            soon(() -> assertThat(controlLog()).contains("broken.yaml").contains("unknown.yaml"));
            Files.delete(broken);
            Files.delete(unknown);
            return "the log names " + named("broken.yaml") + " / " + named("unknown.yaml");
        });
    }

    @Test
    @Order(3)
    void theDiskOfTheAccessLogIsFull() throws IOException {
        // On a small disk of their own are the logs of pods that start from here on.
        street.onNode("mount -t tmpfs -o size=256k tmpfs \"$0\"");
        street.lab.apply(Street.client("full"));
        street.lab.awaitReady(Street.NAMESPACE, "deploy/full", Street.PATIENCE);
        assertThat(street.onNode("head -c 1m /dev/zero >fill")).contains("No space left on device");
        unnoticed("disk of the access log full", "full", () -> {
            soon(() -> assertThat(street.metric("full", DROPPED)).isGreaterThan(100));
            long dropped = street.metric("full", DROPPED);
            street.onNode("rm fill");
            soon(() -> assertThat(street.onNode("cat ./*_full-*_istio-proxy.log"))
                    .contains("access log is written again"));
            return dropped + " lines counted as dropped, and lines again when there was room";
        });
        street.lab.delete("deployment", Street.NAMESPACE, "full");
        street.onNode("umount -l \"$0\"");
    }

    @Test
    @Order(4)
    void theAuthorityIsAwayUntilCertificatesExpire() throws IOException {
        unnoticed("CA away past the half-life", () -> {
            street.lab.killControlPlane();
            soon(() -> {
                assertThat(street.log("client")).contains("the old one serves for another");
                assertThat(street.log("web")).contains("the old one serves for another");
            });
            return "\"" + line(street.log("client"), "the old one serves for another") + "\"";
        });
        soon(() -> {
            assertThat(street.metric("client", "tanja_certificate_expiry_seconds"))
                    .isNegative();
            assertThat(street.metric("late", "tanja_certificate_expiry_seconds"))
                    .isNegative();
            assertThat(street.metric("web", "tanja_certificate_expiry_seconds")).isNegative();
        });

        PacketCapture capture = street.capture();
        try (Load fresh = Load.fresh(street.lab, Street.NAMESPACE, "client", Street.TCP)) {
            for (int i = 0; i < 5; i++) {
                assertThat(street.get("late", Street.HTTP).status()).isNotZero();
            }
            soon(() -> {
                assertThat(street.log("client")).contains("own_certificate_expired");
                assertThat(street.log("late")).contains("own_certificate_expired");
            });
            Load.Tally tally = fresh.end();
            CaptureReport packets = street.packets(capture);
            Row row = Row.of("certificates expired, CA still away", List.of(tally), packets, tally.firstFailure());
            ROWS.add(row);
            assertThat(tally.requests()).isPositive();
            assertThat(tally.failures()).isEqualTo(tally.requests());
            assertThat(row.plaintext()).as("%s", row).isZero();
            assertThat(packets.connections()).allMatch(each -> each.found().isEmpty());
            assertThat(street.log("client")).contains("connections are refused with own_certificate_expired");
        }

        street.lab.restartControlPlane();
        long start = System.nanoTime();
        soon(() -> {
            assertThat(street.metric("web", "tanja_certificate_expiry_seconds")).isPositive();
            assertThat(street.get("late", Street.HTTP).status()).isZero();
            assertThat(street.get("client", Street.TCP).status()).isZero();
        });
        long back = millisSince(start);
        unnoticed("CA back", () -> {
            arrives("after-the-expiry");
            return "all renewed " + back + " ms after the restart";
        });
    }

    /** Applies a policy and waits until it is in force. */
    private static void arrives(String name) throws IOException {
        street.lab.apply(DENY.replace("NAME", name));
        soon(() -> assertThat(street.get("client", Street.HTTP + name).errors()).contains("403 Forbidden"));
    }

    private static void soon(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(100))
                .atMost(Street.PATIENCE)
                .untilAsserted(assertion);
    }

    private static String controlLog() throws IOException {
        return Files.readString(street.lab.controlPlaneLog());
    }

    private static String named(String file) throws IOException {
        return "\"" + line(controlLog(), file) + "\"";
    }

    private static String line(String log, String part) {
        String found =
                log.lines().filter(line -> line.contains(part)).findFirst().orElse("");
        return found.substring(found.indexOf("Z ") + 1).strip().replace("|", "\\|");
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
