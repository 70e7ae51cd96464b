package io.tanja.lab.object;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object as a tree, just as it was written plus what the lab filled in.
 *
 * <p>The tree is not copied: whoever hands it on to another thread copies it first ({@link #copy}).
 *
 * @param key its identity
 * @param tree the whole object
 */
public record LabObject(ObjectKey key, ObjectNode tree) {
    /** The object's {@code metadata}. */
    public ObjectNode metadata() {
        return tree.withObjectProperty("metadata");
    }

    /** The object's {@code spec}; a missing node if it has none. */
    public JsonNode spec() {
        return tree.path("spec");
    }

    /** The object's {@code status}, made when absent. */
    public ObjectNode status() {
        return tree.withObjectProperty("status");
    }

    /** The object's labels. */
    public Map<String, String> labels() {
        return texts(tree.path("metadata").path("labels"));
    }

    /** The object's annotations. */
    public Map<String, String> annotations() {
        return texts(tree.path("metadata").path("annotations"));
    }

    /** An independent copy. */
    public LabObject copy() {
        return new LabObject(key, tree.deepCopy());
    }

    /** Reads an object node of texts, such as labels or a selector; empty if the node is missing. */
    public static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            texts.put(entry.getKey(), entry.getValue().asString(""));
        }
        return Collections.unmodifiableMap(texts);
    }
}
