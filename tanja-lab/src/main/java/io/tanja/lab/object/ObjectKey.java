package io.tanja.lab.object;

/**
 * What identifies an object.
 *
 * @param kind its kind
 * @param namespace its namespace, empty for kinds that have none
 * @param name its name
 */
public record ObjectKey(Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    @Override
    public int compareTo(ObjectKey other) {
        int order = kind.compareTo(other.kind);
        if (order == 0) {
            order = namespace.compareTo(other.namespace);
        }
        return order == 0 ? name.compareTo(other.name) : order;
    }

    /** As kubectl prints it: {@code deployment.apps/webserver}. */
    public String display() {
        return kind.resource() + "/" + name;
    }

    /** With the namespace, for messages: {@code Deployment test/webserver}. */
    @Override
    public String toString() {
        return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
