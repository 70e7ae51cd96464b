package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** How people name an object. */
final class ObjectName {
    private ObjectName() {}

    static String of(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
    }
}
