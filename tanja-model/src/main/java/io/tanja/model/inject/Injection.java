package io.tanja.model.inject;

import io.tanja.model.identity.Quote;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides whether a pod gets a sidecar, as Istio's webhook configuration
 * ({@code templates/mutatingwebhook.yaml}) and {@code pkg/kube/inject/inject.go} do together for the default revision.
 */
public final class Injection {
    /** Label and annotation of a pod that asks for a sidecar or wants none; the label beats the annotation. */
    public static final String INJECT = "sidecar.istio.io/inject";
    /** Label of a namespace. */
    public static final String NAMESPACE_LABEL = "istio-injection";
    /** Label of a namespace or a pod that asks for a revision. */
    public static final String REVISION = "istio.io/rev";
    /** The one revision that this mesh is. */
    public static final String DEFAULT_REVISION = "default";

    private static final Set<String> NEVER =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    private Injection() {}

    /**
     * The namespaces whose pods never get a sidecar: those that a cluster needs to heal itself, and the mesh's own.
     *
     * @param systemNamespace the control plane's namespace
     */
    public static Set<String> never(String systemNamespace) {
        Set<String> all = new TreeSet<>(NEVER);
        all.add(systemNamespace);
        return all;
    }

    /** Decides for one pod. */
    public static InjectionDecision decide(InjectionCase pod) {
        if (never(pod.systemNamespace()).contains(pod.namespace())) {
            return new InjectionDecision.Skip("the namespace " + pod.namespace() + " is never injected", false);
        }
        InjectionDecision asked = asked(pod);
        if (!asked.inject()) {
            return asked;
        }
        if (pod.injected()) {
            return new InjectionDecision.Skip("the pod has its sidecar already", false);
        }
        if (!pod.moduleEnabled()) {
            return new InjectionDecision.Skip("the ModuleConfig istio is not enabled", true);
        }
        if (pod.hostNetwork()) {
            return new InjectionDecision.Skip("the pod uses the host's network", true);
        }
        // Other values than true and false mean the default, which is to inject.
        String wish = pod.podLabels().getOrDefault(INJECT, pod.podAnnotations().getOrDefault(INJECT, ""));
        return wish.equals("false") ? new InjectionDecision.Skip("the pod has " + INJECT + "=false", true) : asked;
    }

    /** Whether one of the webhook's selectors matches; the table of the compatibility notes, section 2.1. */
    private static InjectionDecision asked(InjectionCase pod) {
        String injection = pod.namespaceLabels().get(NAMESPACE_LABEL);
        String revision = pod.namespaceLabels().get(REVISION);
        if (injection != null) {
            String label = "the namespace has " + NAMESPACE_LABEL + "=" + Quote.printable(injection);
            return injection.equals("enabled")
                    ? new InjectionDecision.Inject(label)
                    : new InjectionDecision.Skip(label, false);
        }
        if (revision != null) {
            return revision.equals(DEFAULT_REVISION)
                    ? new InjectionDecision.Inject("the namespace has " + REVISION + "=" + DEFAULT_REVISION)
                    : new InjectionDecision.Skip(
                            "the namespace asks for another revision, " + REVISION + "=" + Quote.printable(revision),
                            false);
        }
        String podRevision = pod.podLabels().get(REVISION);
        if (podRevision != null) {
            return podRevision.equals(DEFAULT_REVISION)
                    ? new InjectionDecision.Inject("the pod has " + REVISION + "=" + DEFAULT_REVISION)
                    : new InjectionDecision.Skip(
                            "the pod asks for another revision, " + REVISION + "=" + Quote.printable(podRevision),
                            false);
        }
        if ("true".equals(pod.podLabels().get(INJECT))) {
            return new InjectionDecision.Inject("the pod has " + INJECT + "=true");
        }
        return new InjectionDecision.Skip("neither the namespace nor the pod asks for a sidecar", false);
    }
}
