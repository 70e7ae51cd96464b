package io.tanja.control.inject;

import io.tanja.model.inject.CaptureScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Istio's annotations of a pod that mean nothing here. What would change which traffic is protected, or by whom, is refused;
 * of anything else the author is told that it has no effect. Pure.
 */
final class UnservedAnnotations {
    private static final List<String> DOMAINS = List.of(
            "sidecar.istio.io/",
            "traffic.sidecar.istio.io/",
            "status.sidecar.istio.io/",
            "readiness.status.sidecar.istio.io/",
            "proxy.istio.io/",
            "inject.istio.io/",
            "prometheus.istio.io/",
            "ambient.istio.io/");

    private static final Set<String> SERVED = Set.of(
            "sidecar.istio.io/inject",
            "sidecar.istio.io/status",
            "sidecar.istio.io/proxyImage",
            "sidecar.istio.io/proxyCPU",
            "sidecar.istio.io/proxyMemory",
            "sidecar.istio.io/proxyCPULimit",
            "sidecar.istio.io/proxyMemoryLimit",
            "sidecar.istio.io/logLevel",
            "sidecar.istio.io/nativeSidecar",
            "sidecar.istio.io/rewriteAppHTTPProbers",
            "readiness.status.sidecar.istio.io/initialDelaySeconds",
            "readiness.status.sidecar.istio.io/periodSeconds",
            "readiness.status.sidecar.istio.io/failureThreshold",
            MergedMetrics.SWITCH,
            ProxyConfigAnnotation.NAME);

    /** The one value that says what is done anyhow; any other is refused. */
    private static final Map<String, String> ONE_VALUE = Map.of(
            "sidecar.istio.io/interceptionMode", "REDIRECT",
            "inject.istio.io/templates", "sidecar",
            "status.sidecar.istio.io/port", String.valueOf(SidecarNames.PROBES_PORT));

    private static final Set<String> REFUSED = Set.of(
            "istio.io/reroute-virtual-interfaces",
            "sidecar.istio.io/bootstrapOverride",
            "sidecar.istio.io/discoveryAddress",
            "sidecar.istio.io/userVolume",
            "sidecar.istio.io/userVolumeMount",
            "ambient.istio.io/bypass-inbound-capture");

    private UnservedAnnotations() {}

    static void report(AnnotationValues values) {
        for (Map.Entry<String, String> each : new TreeMap<>(values.annotations()).entrySet()) {
            String name = each.getKey();
            String only = ONE_VALUE.get(name);
            if (only != null) {
                if (!each.getValue().strip().equals(only)) {
                    values.wrong(name, each.getValue(), "is not served", "write " + only + ", or remove it");
                }
            } else if (refused(name)) {
                values.wrong(
                        name,
                        each.getValue(),
                        "is not served, and without it the pod's traffic or its sidecar would not be what it asks for",
                        "remove the annotation, or run the pod without a sidecar: label sidecar.istio.io/inject=false");
            } else if (DOMAINS.stream().anyMatch(name::startsWith)
                    && !SERVED.contains(name)
                    && !CaptureScope.ANNOTATIONS.contains(name)) {
                values.warn(name, "is not served and has no effect", "remove it");
            }
        }
    }

    private static boolean refused(String name) {
        return REFUSED.contains(name)
                || name.startsWith(CaptureScope.PREFIX) && !CaptureScope.ANNOTATIONS.contains(name);
    }
}
