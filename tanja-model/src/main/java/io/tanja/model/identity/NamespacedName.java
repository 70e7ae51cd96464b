package io.tanja.model.identity;

/**
 * The name of a namespaced object.
 *
 * @param namespace its namespace
 * @param name its name inside the namespace
 */
public record NamespacedName(String namespace, String name) implements Comparable<NamespacedName> {
    @Override
    public int compareTo(NamespacedName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
