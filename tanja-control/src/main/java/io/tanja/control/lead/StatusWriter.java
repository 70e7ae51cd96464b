package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tanja.control.source.Declared;
import io.tanja.control.watch.Json;
import io.tanja.model.identity.Quote;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the status of one object at a time, by server-side apply, and only if it says something else. */
final class StatusWriter {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("tanja-control")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final InstantSource clock;

    StatusWriter(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Writes.
     *
     * @return whether it had to
     * @throws RuntimeException if the API server does not take it
     */
    boolean write(DeclaredStatus wanted) {
        Declared object = wanted.object();
        Resource<GenericKubernetesResource> resource = resource(object);
        GenericKubernetesResource present = resource.get();
        if (present == null || !object.uid().equals(present.getMetadata().getUid())) {
            return false;
        }
        Map<String, Object> status = status(wanted, present);
        Map<String, Object> tree = tree(present);
        if (same(Json.map(tree, "status"), status)) {
            return false;
        }
        GenericKubernetesResource patch = new GenericKubernetesResourceBuilder()
                .withApiVersion(object.apiVersion())
                .withKind(object.kind())
                .withNewMetadata()
                .withName(object.name())
                .withNamespace(object.namespace().isEmpty() ? null : object.namespace())
                .endMetadata()
                .addToAdditionalProperties("status", status)
                .build();
        operation(object)
                .resource(patch)
                .subresource("status")
                .patch(APPLY, client.getKubernetesSerialization().asJson(patch));
        return true;
    }

    private MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> kind(Declared object) {
        int slash = object.apiVersion().indexOf('/');
        return client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(object.apiVersion().substring(0, slash))
                .withVersion(object.apiVersion().substring(slash + 1))
                .withKind(object.kind())
                .withPlural(object.plural())
                .withNamespaced(!object.namespace().isEmpty())
                .build());
    }

    private NonNamespaceOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> operation(
            Declared object) {
        return object.namespace().isEmpty() ? kind(object) : kind(object).inNamespace(object.namespace());
    }

    private Resource<GenericKubernetesResource> resource(Declared object) {
        return operation(object).withName(object.name());
    }

    private Map<String, Object> status(DeclaredStatus wanted, GenericKubernetesResource present) {
        List<Map<String, Object>> before = Json.maps(Json.map(tree(present), "status"), "conditions");
        List<Map<String, Object>> conditions = new ArrayList<>();
        for (Condition condition : wanted.conditions()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("type", condition.type());
            written.put("status", condition.status());
            written.put("reason", condition.reason());
            written.put("message", condition.message());
            written.put("observedGeneration", wanted.object().generation());
            written.put("lastTransitionTime", since(condition, before));
            conditions.add(written);
        }
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("observedGeneration", wanted.object().generation());
        status.put("conditions", conditions);
        return status;
    }

    /** Since when the condition has held or not held. */
    private String since(Condition condition, List<Map<String, Object>> before) {
        return before.stream()
                .filter(each -> condition.type().equals(each.get("type"))
                        && condition.status().equals(each.get("status")))
                .map(each -> Json.text(each, "lastTransitionTime"))
                .filter(time -> !time.isEmpty())
                .findFirst()
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Whether everything that is wanted is there, beside what others have written. */
    private static boolean same(Map<String, Object> present, Map<String, Object> wanted) {
        List<Map<String, Object>> there = Json.maps(present, "conditions");
        return Json.maps(wanted, "conditions").stream()
                        .allMatch(condition -> there.stream().anyMatch(each -> covers(each, condition)))
                && number(present.get("observedGeneration")) == number(wanted.get("observedGeneration"));
    }

    private static boolean covers(Map<String, Object> present, Map<String, Object> wanted) {
        return wanted.entrySet().stream()
                .allMatch(each -> each.getValue() instanceof Number
                        ? number(present.get(each.getKey())) == number(each.getValue())
                        : Objects.equals(present.get(each.getKey()), each.getValue()));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys.
    private Map<String, Object> tree(GenericKubernetesResource object) {
        return (Map<String, Object>) client.getKubernetesSerialization().convertValue(object, Map.class);
    }

    /** For logs. */
    static String reason(RuntimeException failure) {
        return Quote.printable(String.valueOf(failure.getMessage()));
    }
}
