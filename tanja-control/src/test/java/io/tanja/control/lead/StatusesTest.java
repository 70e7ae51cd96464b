package io.tanja.control.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.control.push.Publisher;
import io.tanja.control.push.Publisher.Published;
import io.tanja.control.source.kubernetes.KubernetesSource;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.ads.server.PushStatus;
import io.tanja.xds.ads.server.StreamStatus;
import io.tanja.xds.codec.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StatusesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PEERS = "apis/security.istio.io/v1/peerauthentications";
    private static final String ACCESS = "apis/security.istio.io/v1/authorizationpolicies";
    private static final String MODULES = "apis/deckhouse.io/v1alpha1/moduleconfigs";
    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

    private final AtomicBoolean leads = new AtomicBoolean(true);
    private volatile Supplier<List<StreamStatus>> streams = List::of;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private FakeApiServer server = new FakeApiServer();
    private Publisher publisher = publisher();

    StatusesTest() throws Exception {}

    private static Publisher publisher() {
        return new Publisher(MeshOptions.DEFAULT, published -> {}, System::nanoTime, THREADS);
    }

    @BeforeEach
    void kinds() {
        List.of(PEERS, ACCESS, MODULES).forEach(server.store()::install);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
        publisher.close();
        server.close();
    }

    private void start() {
        KubernetesSource source =
                new KubernetesSource(server.api(), InstantSource.system(), System::nanoTime, new Random(1), THREADS);
        parts.add(source);
        source.start(publisher::accept);
        parts.add(statuses("one", () -> streams.get()));
    }

    private Statuses statuses(String replica, Supplier<List<StreamStatus>> connected) {
        return Statuses.start(
                server.client(),
                () -> replica.equals("one") && leads.get(),
                publisher::last,
                connected,
                "tanja-system",
                replica,
                InstantSource.system(),
                // Its waits are a tenth as long here.
                () -> 10 * System.nanoTime(),
                THREADS);
    }

    private void pod(String namespace, String name) {
        server.put("api/v1/pods", """
                {"metadata": {"name": "%s", "namespace": "%s", "labels": {"app": "web", "security.istio.io/tlsMode": "istio"}},
                 "spec": {"containers": [{"name": "main"}]},
                 "status": {"phase": "Running", "podIP": "10.244.1.2", "conditions": [{"type": "Ready", "status": "True"}]}}
                """.formatted(name, namespace));
    }

    private StreamStatus proxy(String pod, String account, @Nullable String nack) {
        String version = publisher.last().catalog().version();
        return new StreamStatus(
                1,
                SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/" + account),
                "sidecar~10.244.1.2~" + pod + ".shop~shop.svc.cluster.local",
                "10.244.1.2:4",
                Instant.EPOCH,
                List.of(new PushStatus(ResourceType.PROXY_CONFIG.url(), false, 1, 1, "0", "0", nack, version)));
    }

    private Map<String, Object> condition(String kind, String namespace, String name, String type) {
        Map<String, Object> object = server.store().get(kind, namespace, name);
        return object == null
                ? Map.of()
                : Json.maps(Json.map(object, "status"), "conditions").stream()
                        .filter(each -> type.equals(each.get("type")))
                        .findFirst()
                        .orElse(Map.of());
    }

    private String message(String kind, String namespace, String name, String type) {
        return Json.text(condition(kind, namespace, name, type), "message");
    }

    @Test
    @Timeout(20)
    void endsThoughACallSwallowsTheInterrupt() throws Exception {
        start();
        CountDownLatch asked = new CountDownLatch(1);
        Statuses statuses = Statuses.start(
                server.client(),
                () -> {
                    asked.countDown();
                    try {
                        Thread.sleep(SOON);
                    } catch (InterruptedException _) {
                        // As the client library does.
                    }
                    return false;
                },
                publisher::last,
                List::of,
                "tanja-system",
                "two",
                InstantSource.system(),
                System::nanoTime,
                THREADS);
        asked.await();

        statuses.close();

        assertThat(asked.getCount()).isZero();
    }

    @Test
    void aSoundPolicyIsAcceptedAndARefusedOneNamesFieldAndRemedy() {
        server.put(PEERS, """
                {"metadata": {"name": "good", "namespace": "shop", "generation": 3}, "spec": {"mtls": {"mode": "STRICT"}}}
                """);
        server.put(PEERS, """
                {"metadata": {"name": "bad", "namespace": "shop", "generation": 1}, "spec": {"mtls": {"mode": "STRIKT"}}}
                """);
        start();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(PEERS, "shop", "good", "Accepted"))
                        .containsEntry("status", "True")
                        .containsEntry("observedGeneration", 3)
                        .containsKey("lastTransitionTime"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(PEERS, "shop", "bad", "Accepted"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", "Invalid")
                        .extractingByKey("message")
                        .asString()
                        .contains("spec.mtls.mode: \"STRIKT\" is not one of", "did you mean STRICT?"));
        assertThat(condition(PEERS, "shop", "bad", "InForce")).containsEntry("reason", "Refused");
    }

    @Test
    void aPolicyIsInForceWhereItsProxiesHaveAcceptedIt() {
        server.put(ACCESS, """
                {"metadata": {"name": "web", "namespace": "shop", "generation": 1},
                 "spec": {"selector": {"matchLabels": {"app": "web"}}, "action": "DENY", "rules": [{}]}}
                """);
        pod("shop", "a");
        pod("shop", "b");
        pod("other", "c");
        start();

        await().atMost(SOON)
                .until(() -> message(ACCESS, "shop", "web", "InForce").equals("at 0 of 2 proxies"));
        streams = () -> List.of(proxy("a", "default", null));
        await().atMost(SOON)
                .until(() -> message(ACCESS, "shop", "web", "InForce").equals("at 1 of 2 proxies"));
        streams = () -> List.of(proxy("a", "default", null), proxy("b", "thief", null), proxy("c", "default", null));
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() -> message(ACCESS, "shop", "web", "InForce").equals("at 1 of 2 proxies"));
        streams = () -> List.of(proxy("a", "default", null), proxy("b", "default", "no"));
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() -> message(ACCESS, "shop", "web", "InForce").equals("at 1 of 2 proxies"));
        streams = () -> List.of(proxy("a", "default", null), proxy("b", "default", null));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(ACCESS, "shop", "web", "InForce"))
                        .containsEntry("status", "True")
                        .containsEntry("message", "at 2 of 2 proxies"));
    }

    @Test
    void theLeaderAddsTheProxiesOfLivingReplicasOnly() {
        server.put(PEERS, """
                {"metadata": {"name": "good", "namespace": "shop", "generation": 1}, "spec": {"mtls": {"mode": "STRICT"}}}
                """);
        pod("shop", "a");
        pod("shop", "b");
        pod("tanja-system", "one");
        pod("tanja-system", "two");
        start();
        streams = () -> List.of(proxy("a", "default", null));
        parts.add(statuses("two", () -> List.of(proxy("b", "default", null))));

        await().atMost(SOON)
                .until(() -> message(PEERS, "shop", "good", "InForce").equals("at 2 of 2 proxies"));
        server.store().delete("api/v1/pods", "tanja-system", "two");
        await().atMost(SOON)
                .until(() -> message(PEERS, "shop", "good", "InForce").equals("at 1 of 2 proxies"));
        assertThat(server.requests())
                .as("and takes its words away, which two had applied")
                .anyMatch(request -> request.startsWith("PATCH") && request.contains("fieldManager=tanja-control-two"));
    }

    @Test
    void theModulesStatusTellsWhatIsOnAndWhatIsNotServed() {
        pod("shop", "a");
        server.put(MODULES, module(1, true, "{\"tlsMode\": \"Mutual\"}"));
        start();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(MODULES, "", "istio", "Ready"))
                        .containsEntry("status", "True")
                        .containsEntry("message", "new pods get sidecars where asked for; 1 pods have one"));
        assertThat(condition(MODULES, "", "istio", "SettingsServed")).containsEntry("status", "True");

        server.put(MODULES, module(2, false, "{\"tracing\": {}, \"ca\": {\"key\": \"SECRET\"}}"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition(MODULES, "", "istio", "Ready"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", "Disabled")
                        .containsEntry("observedGeneration", 2)
                        .extractingByKey("message")
                        .asString()
                        .contains("1 pods still have a sidecar"));
        assertThat(condition(MODULES, "", "istio", "SettingsServed"))
                .containsEntry("status", "False")
                .extractingByKey("message")
                .asString()
                .contains("spec.settings.tracing: is not served", "Secret tanja-system/cacerts")
                .doesNotContain("SECRET");
    }

    private static String module(int generation, boolean enabled, String settings) {
        return "{\"metadata\": {\"name\": \"istio\", \"generation\": " + generation
                + "}, \"spec\": {\"version\": 2, \"enabled\": " + enabled + ", \"settings\": " + settings + "}}";
    }

    @Test
    void onlyTheLeaderWritesAndOnlyWhatChanges() {
        leads.set(false);
        server.put(PEERS, """
                {"metadata": {"name": "good", "namespace": "shop", "generation": 1}, "spec": {"mtls": {"mode": "STRICT"}}}
                """);
        start();
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> writes() == 0);

        leads.set(true);
        await().atMost(SOON).until(() -> writes() == 1);
        String since = Json.text(condition(PEERS, "shop", "good", "Accepted"), "lastTransitionTime");
        leads.set(false);
        await().pollDelay(Duration.ofSeconds(2)).atMost(SOON).until(() -> true);
        leads.set(true);
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> writes() == 1);
        assertThat(Json.text(condition(PEERS, "shop", "good", "Accepted"), "lastTransitionTime"))
                .isEqualTo(since);
        Published last = publisher.last();
        assertThat(last.declared()).hasSize(1);
    }

    private long writes() {
        return server.requests().stream()
                .filter(request -> request.startsWith("PATCH") && request.contains("/status"))
                .count();
    }
}
