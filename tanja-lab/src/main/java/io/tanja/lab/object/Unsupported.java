package io.tanja.lab.object;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds fields that mean something on a cluster and nothing in the lab, so that nobody waits for their effect. */
final class Unsupported {
    private static final List<String> POD_FIELDS = List.of("initContainers", "volumes", "nodeSelector", "affinity");
    private static final List<String> CONTAINER_FIELDS =
            List.of("readinessProbe", "livenessProbe", "startupProbe", "volumeMounts", "envFrom", "lifecycle");

    private Unsupported() {}

    static void check(LabObject object, List<String> warnings) {
        switch (object.key().kind()) {
            case POD -> pod(object, object.spec(), "spec", warnings);
            case DEPLOYMENT -> pod(object, object.spec().path("template").path("spec"), "spec.template.spec", warnings);
            case SERVICE -> service(object, warnings);
            case NAMESPACE,
                    SERVICE_ACCOUNT,
                    MODULE_CONFIG,
                    PEER_AUTHENTICATION,
                    AUTHORIZATION_POLICY,
                    REQUEST_AUTHENTICATION,
                    DESTINATION_RULE -> {}
        }
    }

    private static void pod(LabObject object, JsonNode spec, String path, List<String> warnings) {
        for (String field : POD_FIELDS) {
            warn(object, spec, path, field, warnings);
        }
        int index = 0;
        for (JsonNode container : spec.path("containers")) {
            for (String field : CONTAINER_FIELDS) {
                warn(object, container, path + ".containers[" + index + "]", field, warnings);
            }
            index++;
        }
    }

    private static void service(LabObject object, List<String> warnings) {
        String type = object.spec().path("type").asString("ClusterIP");
        if (!type.equals("ClusterIP")) {
            warnings.add(object.key() + ": spec.type: " + type + " is treated as ClusterIP in the lab");
        }
        warn(object, object.spec(), "spec", "sessionAffinity", warnings);
    }

    private static void warn(LabObject object, JsonNode node, String path, String field, List<String> warnings) {
        JsonNode value = node.path(field);
        boolean none = value.isMissingNode() || value.isEmpty() && value.isContainer();
        if (!none && !value.asString("").equals("None")) {
            warnings.add(object.key() + ": " + path + "." + field + " has no effect in the lab");
        }
    }
}
