package io.tanja.lab.inject;

import io.tanja.lab.object.LabObject;
import io.tanja.lab.pod.PodPlan;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Adds to a Pod object what Istio's injection template adds and the mesh reads. */
public final class InjectedPod {
    private static final int MAX_LABEL = 63;
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
        absent(
                labels,
                "service.istio.io/canonical-name",
                first(labels, List.of("app.kubernetes.io/name", "app"), workload));
        absent(
                labels,
                "service.istio.io/canonical-revision",
                first(labels, List.of("app.kubernetes.io/version", "version"), "latest"));
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

    private static String first(ObjectNode labels, List<String> names, String otherwise) {
        for (String name : names) {
            String value = labels.path(name).asString("");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return otherwise.length() <= MAX_LABEL ? otherwise : otherwise.substring(0, MAX_LABEL);
    }

    private static void absent(ObjectNode node, String name, String value) {
        if (!node.has(name)) {
            node.put(name, value);
        }
    }
}
