package io.tanja.install.object;

import java.util.List;

/**
 * Everything that the control plane may do on a cluster. What has a fixed name is allowed by that name: a list or watch
 * with a field selector on the name, and an apply, are both judged by it.
 */
public final class Permissions {
    private static final List<String> WATCH = List.of("list", "watch");

    private Permissions() {}

    /** On the whole cluster. */
    public static List<Permission> cluster() {
        return List.of(
                new Permission(
                        "",
                        List.of("namespaces", "pods", "services"),
                        List.of(),
                        WATCH,
                        "The mesh's state is made of them: which pods are meshed, what serves a name, who is ready."),
                new Permission(
                        "",
                        List.of("namespaces"),
                        List.of(),
                        List.of("get"),
                        "Whether a new pod gets a sidecar is decided by its namespace's labels as they are now, not as last heard."),
                new Permission(
                        "discovery.k8s.io",
                        List.of("endpointslices"),
                        List.of(),
                        WATCH,
                        "Endpoints that are kept by hand are in no pod."),
                new Permission(
                        "security.istio.io",
                        List.of("peerauthentications", "authorizationpolicies"),
                        List.of(),
                        List.of("get", "list", "watch"),
                        "The policies that proxies enforce. One is got before its status is written: only a change is."),
                new Permission(
                        "security.istio.io",
                        List.of("peerauthentications/status", "authorizationpolicies/status"),
                        List.of(),
                        List.of("patch"),
                        "The leader tells at each policy whether it is accepted and where it is in force."),
                new Permission(
                        "deckhouse.io",
                        List.of("moduleconfigs"),
                        List.of("istio"),
                        List.of("get", "list", "watch"),
                        "Switches the mesh on and holds its settings. Other modules are not seen."),
                new Permission(
                        "deckhouse.io",
                        List.of("moduleconfigs/status"),
                        List.of("istio"),
                        List.of("patch"),
                        "Tells whether the mesh is on, and which settings are not served."),
                new Permission(
                        "",
                        List.of("configmaps"),
                        List.of(Names.ROOTS),
                        List.of("list", "watch", "create", "patch"),
                        "Pods of every namespace mount the mesh's roots. Other ConfigMaps are not seen."),
                new Permission(
                        "authentication.k8s.io",
                        List.of("tokenreviews"),
                        List.of(),
                        List.of("create"),
                        "A proxy proves by its pod's token who it is."),
                new Permission(
                        "admissionregistration.k8s.io",
                        List.of("mutatingwebhookconfigurations"),
                        List.of(Names.INJECTOR),
                        List.of("list", "watch", "create", "patch"),
                        "The leader registers the injector with the CA that it serves by, and follows its changes."),
                new Permission(
                        "admissionregistration.k8s.io",
                        List.of("validatingwebhookconfigurations"),
                        List.of(Names.VALIDATOR),
                        List.of("list", "watch", "create", "patch"),
                        "The leader registers the validator of the mesh's kinds likewise."));
    }

    /** In the system namespace. */
    public static List<Permission> namespace() {
        return List.of(
                new Permission(
                        "",
                        List.of("secrets"),
                        List.of(Names.PLUGGED_IN_CA, Names.OWN_CA),
                        List.of("get"),
                        "The CA's key and certificates. Other Secrets cannot be read."),
                new Permission(
                        "",
                        List.of("secrets"),
                        List.of(),
                        List.of("create"),
                        "Keeps the root that is made once when no CA is plugged in. A create cannot be allowed by name."),
                new Permission(
                        "",
                        List.of("configmaps"),
                        List.of(Names.REACH),
                        List.of("get", "create", "patch"),
                        "Replicas tell each other at how many of their proxies each policy is in force."),
                new Permission(
                        "coordination.k8s.io",
                        List.of("leases"),
                        List.of(Names.LEASE),
                        List.of("get", "update"),
                        "One replica writes at a time, and gives way when it stops."),
                new Permission(
                        "coordination.k8s.io",
                        List.of("leases"),
                        List.of(),
                        List.of("create"),
                        "The first replica makes the Lease. A create cannot be allowed by name."));
    }
}
