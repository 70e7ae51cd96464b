package io.tanja.control.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.ManualClock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadershipTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String CONFIG_MAPS = "api/v1/configmaps";

    private final ManualClock clock = ManualClock.at("2026-11-23T06:00:00Z");

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private FakeApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'',    0, TAKE",
        "me,    0, RENEW",
        "me,    99, RENEW",
        "other, 0, WAIT",
        "other, 14, WAIT",
        "other, 15, TAKE"
    })
    void decidesByWhatItSawAndNotByTheOthersClock(String holder, int unchangedSeconds, LeaseStep expected) {
        LeaseSpec lease = new LeaseSpecBuilder()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(15)
                // Two minutes ahead or behind must not matter.
                .withRenewTime(clock.instant().minusSeconds(120).atZone(ZoneOffset.UTC))
                .build();

        assertThat(LeaseStep.next(lease, "me", Duration.ofSeconds(unchangedSeconds)))
                .isEqualTo(expected);
        assertThat(LeaseStep.next(null, "me", Duration.ZERO)).isEqualTo(LeaseStep.TAKE);
    }

    private Leadership replica(String name) {
        return new Leadership(
                server.client(),
                "tanja-system",
                name,
                clock,
                System::nanoTime,
                Thread.ofVirtual().factory());
    }

    private @Nullable Object holder() {
        Map<String, Object> lease = Objects.requireNonNull(
                server.store().get("apis/coordination.k8s.io/v1/leases", "tanja-system", "tanja-leader"));
        return Json.map(lease, "spec").get("holderIdentity");
    }

    @Test
    void oneLeadsAndTheOtherTakesOverWhenItStops() {
        Leadership one = replica("one");
        await().atMost(SOON).until(one::getAsBoolean);
        try (Leadership two = replica("two")) {
            await().atMost(SOON)
                    .until(() -> server.requests().stream()
                                    .filter(r -> r.startsWith("GET") && r.contains("tanja-leader"))
                                    .count()
                            >= 3);
            assertThat(two.getAsBoolean()).isFalse();
            assertThat(holder()).isEqualTo("one");

            one.close();

            assertThat(one.getAsBoolean()).isFalse();
            await().atMost(SOON).until(two::getAsBoolean);
            assertThat(holder()).isEqualTo("two");
        }
    }

    private RootDistribution distribution(AtomicBoolean leads, AtomicReference<String> roots) {
        KubernetesClient client = server.client();
        return new RootDistribution(
                client,
                server.api(),
                leads::get,
                roots::get,
                // Its five seconds between two writes are a quarter of a second here.
                () -> 20 * System.nanoTime(),
                new Random(1),
                Thread.ofVirtual().factory());
    }

    private @Nullable Object root(String namespace) {
        Map<String, Object> map = server.store().get(CONFIG_MAPS, namespace, "istio-ca-root-cert");
        return map == null ? null : Json.map(map, "data").get("root-cert.pem");
    }

    @Test
    void theLeaderKeepsTheRootsInEveryNamespace() {
        AtomicBoolean leads = new AtomicBoolean();
        AtomicReference<String> roots = new AtomicReference<>("ROOT");
        try (RootDistribution distribution = distribution(leads, roots)) {
            distribution.namespaces(Set.of("a", "kube-public", "kube-system"));
            await().atMost(SOON).until(() -> server.watches() == 1);
            assertThat(server.requests()).noneMatch(request -> request.startsWith("PATCH"));

            leads.set(true);
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(root("a")).isEqualTo("ROOT");
                assertThat(root("kube-system")).isEqualTo("ROOT");
            });
            distribution.namespaces(Set.of("a", "b", "kube-public", "kube-system"));
            await().atMost(Duration.ofSeconds(1)).until(() -> "ROOT".equals(root("b")));
            assertThat(root("kube-public")).isNull();

            server.put(CONFIG_MAPS, """
                    {"metadata": {"name": "istio-ca-root-cert", "namespace": "b"},
                     "data": {"root-cert.pem": "FORGED", "other": "kept"}}
                    """);
            await().atMost(SOON).until(() -> "ROOT".equals(root("b")));
            server.store().delete(CONFIG_MAPS, "a", "istio-ca-root-cert");
            roots.set("NEW");
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(root("a")).isEqualTo("NEW");
                assertThat(root("b")).isEqualTo("NEW");
            });
        }
    }
}
