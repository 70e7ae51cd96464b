package io.tanja.lab.inject;

import io.tanja.lab.object.LabObject;
import io.tanja.lab.pod.PodPlan;
import io.tanja.model.inject.CanonicalService;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Adds to a Pod object what Istio's injection template adds and the mesh reads. */
public final class InjectedPod {
    private static final int METRICS_PORT = 15_090;

    private InjectedPod() {}

    /**
     * Adds the sidecar's container, labels and annotations.
     *
     * @param pod the pod, changed in place
     * @param workload name of the pod's owner, for pods that do not say what they are
     */
    public static void inject(LabObject pod, String workload) {
        ObjectNode labels = pod.metadata().withObjectProperty("labels");
        absent(labels, "security.istio.io/tlsMode", "istio");
        CanonicalService service = CanonicalService.of(pod.labels(), workload);
        absent(labels, CanonicalService.NAME, service.name());
        absent(labels, CanonicalService.REVISION, service.revision());
        ObjectNode annotations = pod.metadata().withObjectProperty("annotations");
        annotations.put("istio.io/rev", "default");
        annotations.put(
                "sidecar.istio.io/status", "{\"containers\":[\"" + PodPlan.SIDECAR + "\"],\"revision\":\"default\"}");
        JsonNode containers = pod.spec().path("containers");
        if (!containers.isEmpty()) {
            absent(
                    annotations,
                    "kubectl.kubernetes.io/default-container",
                    containers.get(0).path("name").asString(""));
        }
        ArrayNode all = pod.tree().withObjectProperty("spec").withArrayProperty("containers");
        ObjectNode sidecar = all.addObject().put("name", PodPlan.SIDECAR).put("image", "tanja/proxy");
        sidecar.putArray("ports")
                .addObject()
                .put("name", "http-envoy-prom")
                .put("containerPort", METRICS_PORT)
                .put("protocol", "TCP");
    }

    private static void absent(ObjectNode node, String name, String value) {
        if (!node.has(name)) {
            node.put(name, value);
        }
    }
}
