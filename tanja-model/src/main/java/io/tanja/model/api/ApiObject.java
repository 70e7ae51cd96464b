package io.tanja.model.api;

import io.tanja.model.identity.NamespacedName;

/** An object that a user or Kubernetes declares. The kinds are those that the mesh serves; all others are ignored. */
public sealed interface ApiObject
        permits Namespace,
                ServiceAccount,
                Pod,
                Deployment,
                Service,
                EndpointSlice,
                ModuleConfig,
                PeerAuthentication,
                AuthorizationPolicy {

    /** The kind as manifests write it. */
    default String kind() {
        return getClass().getSimpleName();
    }

    /** Name, namespace, labels. */
    ObjectMeta meta();

    /** Where it was read. */
    Origin origin();

    /** Namespace and name; the namespace is empty for a kind without namespaces. */
    default NamespacedName name() {
        return meta().namespacedName();
    }

    /** How people name it, {@code PeerAuthentication test/default} or {@code Namespace test}. */
    default String id() {
        return meta().namespace().isEmpty() ? kind() + " " + meta().name() : kind() + " " + name();
    }
}
