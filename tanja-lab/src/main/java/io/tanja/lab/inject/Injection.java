package io.tanja.lab.inject;

import java.util.Map;
import java.util.Set;

/** Decides as Istio's webhook configuration and {@code pkg/kube/inject/inject.go} do for the default revision. */
public final class Injection {
    private static final Set<String> NEVER =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");
    private static final String INJECT = "sidecar.istio.io/inject";
    private static final String INJECTION = "istio-injection";
    private static final String REVISION = "istio.io/rev";

    private Injection() {}

    /**
     * A decision with its reason.
     *
     * @param inject whether the pod gets a sidecar
     * @param reason why, for people
     */
    public record Decision(boolean inject, String reason) {}

    /**
     * Decides for one pod.
     *
     * @param moduleEnabled whether the ModuleConfig {@code istio} is there and enabled
     * @param namespace the pod's namespace
     * @param namespaceLabels its labels
     * @param podLabels the pod's labels
     * @param podAnnotations the pod's annotations
     * @param hostNetwork whether the pod shares the node's network
     */
    public static Decision decide(
            boolean moduleEnabled,
            String namespace,
            Map<String, String> namespaceLabels,
            Map<String, String> podLabels,
            Map<String, String> podAnnotations,
            boolean hostNetwork) {
        if (!moduleEnabled) {
            return new Decision(false, "the ModuleConfig istio is not enabled");
        }
        if (hostNetwork) {
            return new Decision(false, "the pod uses the host's network");
        }
        if (NEVER.contains(namespace)) {
            return new Decision(false, "the namespace " + namespace + " is never injected");
        }
        Decision called = webhook(namespaceLabels, podLabels);
        if (!called.inject()) {
            return called;
        }
        // The label beats the annotation; other values than true and false mean the default, which is to inject.
        String wish = podLabels.getOrDefault(INJECT, podAnnotations.get(INJECT));
        if ("false".equals(wish)) {
            return new Decision(false, "the pod has " + INJECT + "=false");
        }
        return called;
    }

    /** Which selectors of the webhook configuration match; the first table of the compatibility notes, section 2.1. */
    private static Decision webhook(Map<String, String> namespaceLabels, Map<String, String> podLabels) {
        String injection = namespaceLabels.get(INJECTION);
        String revision = namespaceLabels.get(REVISION);
        if (injection != null) {
            return injection.equals("enabled")
                    ? new Decision(true, "the namespace has " + INJECTION + "=enabled")
                    : new Decision(false, "the namespace has " + INJECTION + "=" + injection);
        }
        if (revision != null) {
            return revision.equals("default")
                    ? new Decision(true, "the namespace has " + REVISION + "=default")
                    : new Decision(false, "the namespace asks for another revision, " + REVISION + "=" + revision);
        }
        if ("true".equals(podLabels.get(INJECT))) {
            return new Decision(true, "the pod has " + INJECT + "=true");
        }
        if ("default".equals(podLabels.get(REVISION))) {
            return new Decision(true, "the pod has " + REVISION + "=default");
        }
        return new Decision(false, "neither the namespace nor the pod asks for a sidecar");
    }
}
