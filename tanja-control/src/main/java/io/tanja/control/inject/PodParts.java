package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.tanja.model.api.Origin;
import io.tanja.model.api.OwnerReference;
import io.tanja.model.api.PodStatus;
import io.tanja.model.identity.Quote;
import io.tanja.model.inject.InjectionCase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a pod whose parts may be missing, or null, as JSON has them. Pure. */
public final class PodParts {
    private PodParts() {}

    /** The pod's metadata, empty if there is none. */
    static ObjectMeta meta(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        return meta == null ? new ObjectMeta() : meta;
    }

    /** The pod's spec, empty if there is none. */
    static PodSpec spec(Pod pod) {
        PodSpec spec = pod.getSpec();
        return spec == null ? new PodSpec() : spec;
    }

    /** The labels; a label without a value has an empty one. */
    static Map<String, String> labels(Pod pod) {
        return texts(meta(pod).getLabels());
    }

    /** The annotations; one without a value has an empty one. */
    static Map<String, String> annotations(Pod pod) {
        return texts(meta(pod).getAnnotations());
    }

    static List<Container> containers(Pod pod) {
        return list(spec(pod).getContainers());
    }

    static List<Container> initContainers(Pod pod) {
        return list(spec(pod).getInitContainers());
    }

    /** The list, an empty one for none. */
    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    /** Whether a container stays while the application runs. */
    static boolean stays(Container init) {
        return "Always".equals(init.getRestartPolicy());
    }

    /** The pod for messages, {@code Pod shop/web-1}; before the API server has named it, {@code Pod shop/web-*}. */
    public static String object(Pod pod, String namespace) {
        ObjectMeta meta = meta(pod);
        String name = meta.getName();
        if (name == null || name.isEmpty()) {
            name = (meta.getGenerateName() == null ? "" : meta.getGenerateName()) + "*";
        }
        return "Pod " + namespace + "/" + Quote.printable(name);
    }

    /**
     * What the decision about a pod depends on.
     *
     * @param enabled whether the ModuleConfig switches the mesh on
     * @param namespace the pod's, which it need not name itself
     */
    public static InjectionCase injectionCase(
            Pod pod, String namespace, Map<String, String> namespaceLabels, boolean enabled, String systemNamespace) {
        Map<String, String> annotations = annotations(pod);
        // The annotation alone would let a pod that claims a sidecar start without one.
        boolean injected = annotations.containsKey(SidecarNames.STATUS)
                && "istio".equals(labels(pod).get(SidecarNames.TLS_MODE))
                && has(initContainers(pod), SidecarNames.REDIRECT)
                && (has(containers(pod), SidecarNames.PROXY) || has(initContainers(pod), SidecarNames.PROXY));
        return new InjectionCase(
                enabled,
                systemNamespace,
                namespace,
                namespaceLabels,
                labels(pod),
                annotations,
                Boolean.TRUE.equals(spec(pod).getHostNetwork()),
                injected);
    }

    private static boolean has(List<Container> containers, String name) {
        return containers.stream().anyMatch(c -> name.equals(c.getName()));
    }

    /** The name of the workload that people think in. */
    static String workload(Pod pod) {
        ObjectMeta meta = meta(pod);
        List<OwnerReference> owners = list(meta.getOwnerReferences()).stream()
                .map(o -> new OwnerReference(o.getKind(), o.getName(), Boolean.TRUE.equals(o.getController())))
                .toList();
        String name = meta.getName() == null ? "" : meta.getName();
        String prefix = meta.getGenerateName() == null ? "" : meta.getGenerateName();
        return new io.tanja.model.api.Pod(
                        io.tanja.model.api.ObjectMeta.of("", name.isEmpty() ? prefix : name, labels(pod)),
                        new Origin("", 0),
                        owners,
                        new io.tanja.model.api.PodSpec("default", false, List.of(), List.of()),
                        new PodStatus("", List.of(), false))
                .workloadName();
    }

    private static Map<String, String> texts(@Nullable Map<String, String> from) {
        Map<String, String> texts = new TreeMap<>();
        if (from != null) {
            from.forEach((key, value) -> texts.put(key, value == null ? "" : value));
        }
        return texts;
    }
}
