package io.tanja.control.source.kubernetes;

import io.tanja.control.watch.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the mesh reads of a pod. The rest, which is most of it, is left out before the pod is kept: commands, variables and
 * volumes of every pod of a cluster are neither the control plane's business nor worth its memory. Pure.
 */
final class PodExcerpt {
    private static final List<String> META =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "labels", "ownerReferences");
    private static final List<String> SPEC = List.of("serviceAccountName", "hostNetwork");
    private static final List<String> CONTAINER = List.of("name", "ports");
    private static final List<String> STATUS = List.of("phase", "podIP", "podIPs", "conditions");

    private PodExcerpt() {}

    static Map<String, Object> of(Map<String, Object> pod) {
        Map<String, Object> spec = only(Json.map(pod, "spec"), SPEC);
        List<Map<String, Object>> containers = new ArrayList<>();
        for (Map<String, Object> container : Json.maps(Json.map(pod, "spec"), "containers")) {
            containers.add(only(container, CONTAINER));
        }
        spec.put("containers", containers);
        return Map.of(
                "metadata",
                only(Json.map(pod, "metadata"), META),
                "spec",
                spec,
                "status",
                only(Json.map(pod, "status"), STATUS));
    }

    private static Map<String, Object> only(Map<String, Object> from, List<String> fields) {
        Map<String, Object> kept = new HashMap<>();
        for (String field : fields) {
            Object value = from.get(field);
            if (value != null) {
                kept.put(field, value);
            }
        }
        return kept;
    }
}
