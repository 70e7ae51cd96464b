package io.tanja.model.api;

import io.tanja.model.identity.NamespacedName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an object, as far as the mesh reads it.
 *
 * @param name the object's name, a DNS-1123 subdomain
 * @param namespace its namespace; empty for a kind without namespaces
 * @param labels its labels
 * @param annotations its annotations
 * @param uid what the API server gave it; empty if it was read from a file that has none
 * @param creationTimestamp when it was made, to the second; null if it was read from a file that does not say
 */
public record ObjectMeta(
        String name,
        String namespace,
        Map<String, String> labels,
        Map<String, String> annotations,
        String uid,
        @Nullable Instant creationTimestamp) {
    /** Copies the maps. */
    public ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Metadata with a name and labels only, as tests and generated objects need it. */
    public static ObjectMeta of(String namespace, String name, Map<String, String> labels) {
        return new ObjectMeta(name, namespace, labels, Map.of(), "", null);
    }

    /** Namespace and name. */
    public NamespacedName namespacedName() {
        return new NamespacedName(namespace, name);
    }
}
