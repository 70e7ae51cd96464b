package io.tanja.control.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.inject.Injection;
import io.tanja.model.inject.InjectionCase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String WEBHOOKS = "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private static final List<Map<String, String>> NAMESPACE_LABELS = List.of(
            Map.of(),
            Map.of("istio-injection", "enabled"),
            Map.of("istio-injection", "disabled"),
            Map.of("istio-injection", ""),
            Map.of("istio.io/rev", "default"),
            Map.of("istio.io/rev", "canary"),
            Map.of("istio-injection", "enabled", "istio.io/rev", "canary"),
            Map.of("istio-injection", "disabled", "istio.io/rev", "default"));
    private static final List<Map<String, String>> POD_LABELS = List.of(
            Map.of(),
            Map.of("sidecar.istio.io/inject", "true"),
            Map.of("sidecar.istio.io/inject", "false"),
            Map.of("sidecar.istio.io/inject", "maybe"),
            Map.of("istio.io/rev", "default"),
            Map.of("istio.io/rev", "canary"),
            Map.of("istio.io/rev", "default", "sidecar.istio.io/inject", "true"),
            Map.of("istio.io/rev", "default", "sidecar.istio.io/inject", "false"),
            Map.of("istio.io/rev", "canary", "sidecar.istio.io/inject", "true"));

    /** The API server asks about a pod once if it is to be injected, and else not at all. */
    @Test
    void theSelectorsSayWhatTheDecisionSays() {
        List<MutatingWebhook> webhooks =
                WebhookObject.of("ROOT", "tanja-system", true).getWebhooks();
        for (String name : List.of("shop", "kube-system", "tanja-system")) {
            for (Map<String, String> namespace : NAMESPACE_LABELS) {
                Map<String, String> labels = new HashMap<>(namespace);
                labels.put("kubernetes.io/metadata.name", name);
                for (Map<String, String> pod : POD_LABELS) {
                    long called = webhooks.stream()
                            .filter(webhook -> matches(webhook.getNamespaceSelector(), labels)
                                    && matches(webhook.getObjectSelector(), pod))
                            .count();
                    boolean inject = Injection.decide(new InjectionCase(
                                    true, "tanja-system", name, namespace, pod, Map.of(), false, false))
                            .inject();
                    assertThat(called)
                            .as("namespace %s %s, pod %s", name, namespace, pod)
                            .isEqualTo(inject ? 1 : 0);
                }
            }
        }
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return selector.getMatchExpressions().stream().allMatch(each -> matches(each, labels.get(each.getKey())));
    }

    private static boolean matches(LabelSelectorRequirement each, @Nullable String value) {
        return switch (each.getOperator()) {
            case "In" -> value != null && each.getValues().contains(value);
            case "NotIn" -> value == null || !each.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new AssertionError(each.getOperator());
        };
    }

    @Test
    void aPodIsHeldBackWhileTheMeshIsOnAndNeverWhileItIsOff() {
        assertThat(WebhookObject.of("ROOT", "tanja-system", true).getWebhooks())
                .hasSize(4)
                .allSatisfy(webhook -> {
                    assertThat(webhook.getFailurePolicy()).isEqualTo("Fail");
                    assertThat(webhook.getSideEffects()).isEqualTo("None");
                    assertThat(webhook.getReinvocationPolicy()).isEqualTo("Never");
                    assertThat(webhook.getRules()).singleElement().satisfies(rule -> {
                        assertThat(rule.getOperations()).containsExactly("CREATE");
                        assertThat(rule.getResources()).containsExactly("pods");
                    });
                });
        assertThat(WebhookObject.of("ROOT", "tanja-system", false).getWebhooks())
                .allSatisfy(webhook -> assertThat(webhook.getFailurePolicy()).isEqualTo("Ignore"));
    }

    @Test
    void theLeaderKeepsTheRegistrationAsItShouldBe() throws Exception {
        AtomicBoolean leads = new AtomicBoolean();
        AtomicBoolean registered = new AtomicBoolean();
        AtomicBoolean enabled = new AtomicBoolean(true);
        AtomicReference<String> roots = new AtomicReference<>("ROOT");
        try (FakeApiServer server = new FakeApiServer();
                Registration registration = Registration.start(
                        server.client(),
                        server.api(),
                        leads::get,
                        roots::get,
                        "tanja-system",
                        enabled::get,
                        () -> registered.set(true),
                        // Its five seconds between two writes are a quarter of a second here.
                        () -> 20 * System.nanoTime(),
                        new Random(1),
                        Thread.ofVirtual().factory())) {
            assertThat(registration).isNotNull();
            await().atMost(SOON).until(() -> server.watches() == 1);
            assertThat(server.store().get(WEBHOOKS, "", WebhookObject.NAME)).isNull();
            assertThat(registered).isFalse();

            leads.set(true);
            await().atMost(SOON).untilTrue(registered);
            await().atMost(SOON).until(() -> "ROOT".equals(root(server)));
            roots.set("ROOT2");
            await().atMost(SOON).until(() -> "ROOT2".equals(root(server)));
            enabled.set(false);
            await().atMost(SOON).until(() -> "Ignore".equals(first(server).get("failurePolicy")));

            server.put(WEBHOOKS, "{\"metadata\": {\"name\": \"tanja-sidecar-injector\"}, \"webhooks\": []}");
            await().atMost(SOON).until(() -> "ROOT2".equals(root(server)));
            server.store().delete(WEBHOOKS, "", WebhookObject.NAME);
            await().atMost(SOON).until(() -> "ROOT2".equals(root(server)));

            long writes = writes(server);
            server.put(WEBHOOKS, withDefaults(server));
            await().during(Duration.ofSeconds(2)).until(() -> writes(server) == writes);
        }
    }

    @Test
    void theValidatorIsRegisteredBesideAndCanLockNobodyOut() throws Exception {
        String kind = "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        try (FakeApiServer server = new FakeApiServer();
                Registration registration = Registration.startValidation(
                        server.client(),
                        server.api(),
                        () -> true,
                        () -> "ROOT",
                        "tanja-system",
                        () -> 20 * System.nanoTime(),
                        new Random(1),
                        Thread.ofVirtual().factory())) {
            assertThat(registration).isNotNull();
            await().atMost(SOON).until(() -> server.store().get(kind, "", ValidationObject.NAME) != null);
            server.store().delete(kind, "", ValidationObject.NAME);
            await().atMost(SOON).until(() -> server.store().get(kind, "", ValidationObject.NAME) != null);
            Map<String, Object> webhook = Json.maps(
                            Objects.requireNonNull(server.store().get(kind, "", ValidationObject.NAME)), "webhooks")
                    .getFirst();
            assertThat(webhook).containsEntry("failurePolicy", "Ignore").containsEntry("sideEffects", "None");
            assertThat(Json.maps(webhook, "rules"))
                    .extracting(rule -> rule.get("resources"))
                    .containsExactly(List.of("peerauthentications", "authorizationpolicies"), List.of("moduleconfigs"));
        }
    }

    /** What an API server adds does not make it wrong. */
    private static String withDefaults(FakeApiServer server) {
        Map<String, Object> object = new HashMap<>(server.store().get(WEBHOOKS, "", WebhookObject.NAME));
        List<Map<String, Object>> webhooks = Json.maps(object, "webhooks").stream()
                .map(webhook -> {
                    Map<String, Object> more = new HashMap<>(webhook);
                    more.put("fieldOfTomorrow", "default");
                    return more;
                })
                .toList();
        object.put("webhooks", webhooks);
        return new KubernetesSerialization().asJson(object);
    }

    private static long writes(FakeApiServer server) {
        return server.requests().stream().filter(r -> r.startsWith("PATCH")).count();
    }

    private static Map<String, Object> first(FakeApiServer server) {
        Map<String, Object> object = server.store().get(WEBHOOKS, "", WebhookObject.NAME);
        List<Map<String, Object>> webhooks = object == null ? List.of() : Json.maps(object, "webhooks");
        return webhooks.isEmpty() ? Map.of() : webhooks.getFirst();
    }

    private static String root(FakeApiServer server) {
        return new String(
                Base64.getDecoder().decode(Json.text(Json.map(first(server), "clientConfig"), "caBundle")),
                StandardCharsets.UTF_8);
    }
}
