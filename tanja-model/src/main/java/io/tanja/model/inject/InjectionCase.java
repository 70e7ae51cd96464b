package io.tanja.model.inject;

import java.util.Map;

/**
 * What the decision about a pod depends on.
 *
 * @param moduleEnabled whether the ModuleConfig {@code istio} is there and enabled
 * @param systemNamespace the control plane's own namespace
 * @param namespace the pod's namespace
 * @param namespaceLabels its labels
 * @param podLabels the pod's labels
 * @param podAnnotations the pod's annotations
 * @param hostNetwork whether the pod shares the node's network
 * @param injected whether the pod has its sidecar already
 */
public record InjectionCase(
        boolean moduleEnabled,
        String systemNamespace,
        String namespace,
        Map<String, String> namespaceLabels,
        Map<String, String> podLabels,
        Map<String, String> podAnnotations,
        boolean hostNetwork,
        boolean injected) {
    /** Copies the maps. */
    public InjectionCase {
        namespaceLabels = Map.copyOf(namespaceLabels);
        podLabels = Map.copyOf(podLabels);
        podAnnotations = Map.copyOf(podAnnotations);
    }
}
