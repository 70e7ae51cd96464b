package io.tanja.model.manifest;

import io.tanja.model.api.Deployment;
import io.tanja.model.api.ModuleConfig;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.PodTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Deployments, and the module's own switch. */
final class WorkloadReader {
    private static final int MAX_REPLICAS = 1_000_000;

    private WorkloadReader() {}

    static Deployment deployment(Fields root, ObjectMeta meta, Origin origin) {
        Fields spec = root.objectOrNone("spec");
        Fields selector = spec.objectOrNone("selector");
        Map<String, String> labels = MetaReader.labels(selector, "matchLabels");
        PodTemplate template = PodReader.template(spec);
        boolean expressions = selector.has("matchExpressions");
        if (labels.isEmpty() && !expressions) {
            spec.error("selector", "is missing", "add spec.selector.matchLabels with the template's labels");
        }
        if (expressions) {
            selector.warning("matchExpressions", "only matchLabels are read", "say it with matchLabels");
        }
        if (!template.labels().entrySet().containsAll(labels.entrySet())) {
            selector.error(
                    "matchLabels",
                    "the template's labels do not match the selector",
                    "give spec.template.metadata.labels every label of the selector");
        }
        return new Deployment(meta, origin, spec.integer("replicas", 1, 0, MAX_REPLICAS), labels, template);
    }

    static ModuleConfig moduleConfig(Fields root, ObjectMeta meta, Origin origin) {
        Fields spec = root.objectOrNone("spec");
        boolean enabled = spec.bool("enabled", false);
        int version = spec.integer("version", 0, 0, Integer.MAX_VALUE);
        Map<String, Object> settings = Map.of();
        if (spec.object("settings") != null && spec.value("settings") instanceof YamlNode.Mapping m) {
            settings = map(m);
        }
        // Deckhouse's other fields; they do not concern the mesh.
        for (String other : List.of("maintenance", "source", "updatePolicy")) {
            spec.value(other);
        }
        spec.noOthers();
        return new ModuleConfig(meta, origin, enabled, version, settings);
    }

    private static Map<String, Object> map(YamlNode.Mapping node) {
        Map<String, Object> map = new LinkedHashMap<>();
        node.entries().forEach((key, entry) -> {
            if (!(entry.value() instanceof YamlNode.Scalar s && s.isNull())) {
                map.put(key, plain(entry.value()));
            }
        });
        return Map.copyOf(map);
    }

    private static Object plain(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping m -> map(m);
            case YamlNode.Sequence s -> {
                List<Object> items = new ArrayList<>();
                for (YamlNode item : s.items()) {
                    items.add(plain(item));
                }
                yield List.copyOf(items);
            }
            case YamlNode.Scalar s -> scalar(s);
        };
    }

    private static Object scalar(YamlNode.Scalar s) {
        if (s.isBoolean()) {
            return s.text().equalsIgnoreCase("true");
        }
        if (s.isInteger()) {
            return Long.parseLong(s.text());
        }
        return s.isFraction() ? Double.parseDouble(s.text()) : s.isNull() ? "" : s.text();
    }
}
