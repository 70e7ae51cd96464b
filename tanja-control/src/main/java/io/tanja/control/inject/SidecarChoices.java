package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.tanja.model.inject.CaptureScope;
import java.util.List;

/**
 * What is decided about one pod's sidecar, by its annotations and the settings of the mesh.
 *
 * @param image the image of both containers
 * @param nativeSidecar whether the proxy is an init container that stays
 * @param hold whether the application waits for the proxy
 * @param rewriteProbes whether the application's probes go through the proxy
 * @param scope what is redirected
 * @param metrics where Prometheus finds the pod's metrics
 * @param proxyFlags flags of the proxy
 * @param resources of both containers
 * @param readiness how the proxy is asked whether it is ready
 */
record SidecarChoices(
        String image,
        boolean nativeSidecar,
        boolean hold,
        boolean rewriteProbes,
        CaptureScope scope,
        MergedMetrics metrics,
        List<String> proxyFlags,
        ResourceRequirements resources,
        ReadinessTimes readiness) {
    SidecarChoices {
        proxyFlags = List.copyOf(proxyFlags);
    }

    /**
     * Times of the proxy's readiness probe, in Istio's defaults.
     *
     * @param initialDelaySeconds from the container's start
     * @param periodSeconds at least 1
     * @param failureThreshold at least 1
     */
    record ReadinessTimes(int initialDelaySeconds, int periodSeconds, int failureThreshold) {
        static final ReadinessTimes DEFAULT = new ReadinessTimes(0, 15, 4);
    }
}
