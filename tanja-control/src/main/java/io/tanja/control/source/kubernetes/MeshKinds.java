package io.tanja.control.source.kubernetes;

import io.tanja.control.watch.WatchedKind;
import java.util.List;

/**
 * The kinds that the mesh's state is built from. Readiness is read from the pods themselves: it is there before the
 * EndpointSlices that are made of it, so that only those that are kept by hand are watched.
 */
final class MeshKinds {
    private static final List<String> SECURITY = List.of("security.istio.io/v1", "security.istio.io/v1beta1");

    static final List<WatchedKind> ALL = List.of(
            WatchedKind.builtIn("Namespace", "namespaces", "v1"),
            WatchedKind.builtIn("Pod", "pods", "v1"),
            WatchedKind.builtIn("Service", "services", "v1"),
            new WatchedKind(
                    "EndpointSlice",
                    "endpointslices",
                    List.of("discovery.k8s.io/v1"),
                    "labelSelector=endpointslice.kubernetes.io%2Fmanaged-by%21%3Dendpointslice-controller.k8s.io",
                    true),
            new WatchedKind("PeerAuthentication", "peerauthentications", SECURITY, "", false),
            new WatchedKind("AuthorizationPolicy", "authorizationpolicies", SECURITY, "", false),
            new WatchedKind(
                    "ModuleConfig",
                    "moduleconfigs",
                    List.of("deckhouse.io/v1alpha1"),
                    "fieldSelector=metadata.name%3Distio",
                    false));

    private MeshKinds() {}
}
