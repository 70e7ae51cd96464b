package io.tanja.control.state;

import io.tanja.model.api.Pod;
import io.tanja.model.mesh.WorkloadLabels;
import java.util.Map;

/** The labels of pods that mean something to the mesh, as Istio's injector writes and reads them. */
final class PodLabels {
    private static final String TLS_MODE = "security.istio.io/tlsMode";
    private static final int MAX_LABEL = 63;

    private PodLabels() {}

    /** Whether the injector gave the pod a sidecar. */
    static boolean hasSidecar(Pod pod) {
        return !pod.spec().hostNetwork() && "istio".equals(pod.meta().labels().get(TLS_MODE));
    }

    /** Names for metrics and logs; order of preference as in Istio's injection template. */
    static WorkloadLabels names(Pod pod, String cluster) {
        Map<String, String> labels = pod.meta().labels();
        String workload = pod.workloadName();
        return new WorkloadLabels(
                workload,
                first(labels, workload, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app"),
                first(labels, "latest", "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"),
                first(labels, "unknown", "app"),
                first(labels, "unknown", "version"),
                cluster);
    }

    private static String first(Map<String, String> labels, String otherwise, String... keys) {
        for (String key : keys) {
            String value = labels.get(key);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return otherwise.length() > MAX_LABEL ? otherwise.substring(0, MAX_LABEL) : otherwise;
    }
}
