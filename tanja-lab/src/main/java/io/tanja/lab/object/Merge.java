package io.tanja.lab.object;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Applies a newer text to an object that is already there. */
final class Merge {
    // What the server owns; a text that repeats them does not change them.
    private static final List<String> SERVER_METADATA =
            List.of("uid", "creationTimestamp", "resourceVersion", "generation", "ownerReferences");

    private Merge() {}

    /**
     * The object after an apply: the text's fields, but for labels and annotations, of which those that others added
     * stay, as kubectl's three-way merge has it.
     *
     * @param last the text applied before, or null
     */
    static LabObject merged(LabObject current, LabObject incoming, @Nullable ObjectNode last) {
        ObjectNode result = incoming.tree().deepCopy();
        ObjectNode metadata = result.withObjectProperty("metadata");
        for (String field : SERVER_METADATA) {
            JsonNode value = current.metadata().get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        for (String field : List.of("labels", "annotations")) {
            ObjectNode merged = metadata.withObjectProperty(field);
            JsonNode before = last == null
                    ? incoming.tree().path("none")
                    : last.path("metadata").path(field);
            for (Map.Entry<String, JsonNode> kept :
                    current.metadata().path(field).properties()) {
                if (!merged.has(kept.getKey()) && !before.has(kept.getKey())) {
                    merged.set(kept.getKey(), kept.getValue());
                }
            }
            if (merged.isEmpty()) {
                metadata.remove(field);
            }
        }
        JsonNode status = current.tree().get("status");
        if (status != null) {
            result.set("status", status);
        }
        return new LabObject(current.key(), result);
    }
}
