package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.watch.Json;
import io.tanja.model.api.ApiObject;
import io.tanja.model.api.ModuleConfig;
import io.tanja.model.identity.Quote;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.module.ModuleSettings;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses objects of the mesh's kinds for what a schema cannot say, by the same reader that the control plane has: what is let
 * in without a word is in force. An error that the object had before is a warning, so that an old object can be changed, or
 * given up, step by step.
 */
public final class ValidationReviewer implements AdmissionReviewer {
    private static final Logger LOG = LoggerFactory.getLogger(ValidationReviewer.class);
    private static final int INVALID = 422;

    private final String systemNamespace;
    private final KubernetesSerialization serialization;

    /**
     * Makes one.
     *
     * @param systemNamespace the control plane's namespace, for remedies
     */
    public ValidationReviewer(String systemNamespace, KubernetesSerialization serialization) {
        this.systemNamespace = systemNamespace;
        this.serialization = serialization;
    }

    @Override
    public AdmissionResponse review(AdmissionRequest request) {
        Map<String, Object> object = tree(request.getObject());
        Map<String, Object> meta = Json.map(object, "metadata");
        boolean ends = meta.get("deletionTimestamp") != null;
        if (object.isEmpty() || ends || ofAnotherModule(object, meta)) {
            return Responses.allowed(List.of());
        }
        Map<String, Object> before = tree(request.getOldObject());
        Set<Finding> known = before.isEmpty()
                ? Set.of()
                : problems(before, request.getNamespace()).stream()
                        .map(Finding::of)
                        .collect(Collectors.toSet());
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Problem problem : problems(object, request.getNamespace())) {
            boolean refuses = problem.isError() && !known.contains(Finding.of(problem));
            (refuses ? errors : warnings).add(problem.sentence());
        }
        if (errors.isEmpty()) {
            return Responses.allowed(warnings);
        }
        String why = String.join(". ", errors);
        LOG.info("object not let in by=\"{}\" reason=\"{}\"", user(request), Quote.printable(why));
        return Responses.denied(INVALID, why);
    }

    /** A problem, whatever file or line it was found in. */
    private record Finding(String field, String message) {
        static Finding of(Problem problem) {
            return new Finding(problem.field(), problem.message());
        }
    }

    /** Other modules are none of ours. */
    private static boolean ofAnotherModule(Map<String, Object> object, Map<String, Object> meta) {
        return "ModuleConfig".equals(object.get("kind")) && !ModuleSettings.MODULE.equals(Json.text(meta, "name"));
    }

    private List<Problem> problems(Map<String, Object> object, @Nullable String namespace) {
        Map<String, Object> whole = new HashMap<>(object);
        Map<String, Object> meta = new HashMap<>(Json.map(object, "metadata"));
        if (namespace != null && !namespace.isEmpty()) {
            meta.putIfAbsent("namespace", namespace);
        }
        // The API server fills the name in after the webhooks.
        if (!meta.containsKey("name") && meta.get("generateName") instanceof String prefix) {
            meta.put("name", prefix + "x");
        }
        whole.put("metadata", meta);
        Manifest read = ManifestReader.read("request", whole, "", "");
        List<Problem> problems = new ArrayList<>(read.problems());
        for (ApiObject each : read.objects()) {
            if (each instanceof ModuleConfig config) {
                ModuleSettings.read(config, ModuleSettings.DEFAULT, systemNamespace, problems);
            }
        }
        return problems;
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys.
    private Map<String, Object> tree(@Nullable Object object) {
        return object == null ? Map.of() : (Map<String, Object>) serialization.convertValue(object, Map.class);
    }

    private static String user(AdmissionRequest request) {
        return request.getUserInfo() == null
                ? ""
                : Quote.printable(String.valueOf(request.getUserInfo().getUsername()));
    }
}
