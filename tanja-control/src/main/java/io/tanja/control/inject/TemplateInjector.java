package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.inject.InjectionOutcome.Injected;
import io.tanja.control.inject.InjectionOutcome.Refused;
import io.tanja.model.identity.Quote;
import io.tanja.model.inject.Injection;
import io.tanja.model.inject.InjectionDecision;
import io.tanja.model.validate.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives the pod in one object its sidecar, wherever the object has it. Of the object no more is touched. */
final class TemplateInjector {
    private static final Set<String> WITH_TEMPLATE = Set.of(
            "apps/v1 Deployment",
            "apps/v1 StatefulSet",
            "apps/v1 DaemonSet",
            "apps/v1 ReplicaSet",
            "v1 ReplicationController",
            "batch/v1 Job");

    private final InjectionSettings settings;
    private final String namespace;
    private final KubernetesSerialization serialization;

    TemplateInjector(InjectionSettings settings, String namespace, KubernetesSerialization serialization) {
        this.settings = settings;
        this.namespace = namespace;
        this.serialization = serialization;
    }

    /** Changes the object's tree; false if it has no pod, or its pod gets no sidecar. */
    boolean inject(Map<String, Object> object, List<Problem> problems) {
        Map<String, Object> template = template(object);
        if (template == null) {
            return false;
        }
        Map<String, Object> meta = map(object, "metadata");
        String where = meta == null ? namespace : String.valueOf(meta.getOrDefault("namespace", namespace));
        String name = meta == null ? "" : String.valueOf(meta.getOrDefault("name", ""));
        Pod pod;
        try {
            pod = pod(template);
            if (!"Pod".equals(object.get("kind"))) {
                pod.getMetadata().setGenerateName(name + "-");
            }
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "",
                    0,
                    Quote.printable(object.get("kind") + " " + where + "/" + name),
                    "",
                    "has no readable pod: " + Quote.printable(String.valueOf(e.getMessage())),
                    "correct it"));
            return false;
        }
        Pod injected = injected(pod, where, name, problems);
        if (injected == null) {
            return false;
        }
        Map<?, ?> tree = serialization.convertValue(injected, LinkedHashMap.class);
        Map<String, Object> labelled = map(template, "metadata");
        Map<String, Object> metadata = labelled == null ? new LinkedHashMap<>() : labelled;
        metadata.put("labels", injected.getMetadata().getLabels());
        metadata.put("annotations", injected.getMetadata().getAnnotations());
        template.put("metadata", metadata);
        template.put("spec", tree.get("spec"));
        return true;
    }

    private @Nullable Pod injected(Pod pod, String where, String name, List<Problem> problems) {
        // Whoever runs the command asks, whatever the namespace on some cluster says.
        InjectionDecision decision = Injection.decide(PodParts.injectionCase(
                pod, where, Map.of(Injection.NAMESPACE_LABEL, "enabled"), true, settings.systemNamespace()));
        if (!decision.inject()) {
            problems.add(new Problem(
                    Problem.Severity.WARNING,
                    "",
                    0,
                    PodParts.object(pod, where),
                    "",
                    "gets no sidecar: " + decision.reason(),
                    "leave it so, or change what stands against it"));
            return null;
        }
        SidecarInjector injector = new SidecarInjector(settings, serialization);
        return switch (injector.inject(pod, where, name)) {
            case Injected(Pod with, List<Problem> warnings) -> {
                problems.addAll(warnings);
                yield with;
            }
            case Refused(List<Problem> errors) -> {
                problems.addAll(errors);
                yield null;
            }
        };
    }

    private Pod pod(Map<String, Object> template) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Pod");
        tree.put("metadata", template.get("metadata"));
        tree.put("spec", template.get("spec"));
        Pod pod = serialization.convertValue(tree, Pod.class);
        if (pod.getSpec() == null) {
            throw new IllegalArgumentException("it has no spec");
        }
        pod.setMetadata(PodParts.meta(pod));
        return pod;
    }

    /** Where the object has its pod; null if it has none. */
    private static @Nullable Map<String, Object> template(Map<String, Object> object) {
        String kind = object.get("apiVersion") + " " + object.get("kind");
        if (kind.equals("v1 Pod")) {
            return object;
        }
        Map<String, Object> spec = map(object, "spec");
        if (kind.equals("batch/v1 CronJob") && spec != null) {
            Map<String, Object> job = map(spec, "jobTemplate");
            spec = job == null ? null : map(job, "spec");
        } else if (!WITH_TEMPLATE.contains(kind)) {
            return null;
        }
        return spec == null ? null : map(spec, "template");
    }

    @SuppressWarnings("unchecked") // The parser makes text keys, whatever the document has.
    private static @Nullable Map<String, Object> map(Map<String, Object> tree, String field) {
        return tree.get(field) instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    }
}
