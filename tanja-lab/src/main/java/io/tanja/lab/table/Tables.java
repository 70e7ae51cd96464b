package io.tanja.lab.table;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** The columns of each kind. */
public final class Tables {
    private static final String NONE = "<none>";

    private Tables() {}

    /**
     * A table of objects of one kind.
     *
     * @param namespaces whether to show which namespace each is in
     * @param wide whether to show the further columns
     * @param now the time from which ages count
     */
    public static Table of(Kind kind, JsonNode objects, boolean namespaces, boolean wide, Instant now) {
        List<String> head = new ArrayList<>();
        boolean withNamespace = namespaces && kind.namespaced();
        if (withNamespace) {
            head.add("NAMESPACE");
        }
        head.add("NAME");
        head.addAll(head(kind));
        head.add("AGE");
        if (wide) {
            head.addAll(wideHead(kind));
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode object : objects) {
            List<String> row = new ArrayList<>();
            JsonNode metadata = object.path("metadata");
            if (withNamespace) {
                row.add(metadata.path("namespace").asString(""));
            }
            row.add(metadata.path("name").asString(""));
            row.addAll(cells(kind, object));
            row.add(Age.of(metadata.path("creationTimestamp").asString(""), now));
            if (wide) {
                row.addAll(wideCells(kind, object));
            }
            rows.add(row);
        }
        return new Table(head, rows);
    }

    private static List<String> head(Kind kind) {
        return switch (kind) {
            case POD -> List.of("READY", "STATUS", "RESTARTS");
            case SERVICE -> List.of("TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)");
            case DEPLOYMENT -> List.of("READY", "UP-TO-DATE", "AVAILABLE");
            case NAMESPACE -> List.of("STATUS");
            case MODULE_CONFIG -> List.of("ENABLED", "VERSION");
            case PEER_AUTHENTICATION -> List.of("MODE");
            case AUTHORIZATION_POLICY -> List.of("ACTION");
            case DESTINATION_RULE -> List.of("HOST");
            case SERVICE_ACCOUNT, REQUEST_AUTHENTICATION -> List.of();
        };
    }

    private static List<String> cells(Kind kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        return switch (kind) {
            case POD -> List.of(PodColumns.ready(object), PodColumns.status(object), "0");
            case SERVICE ->
                List.of(
                        spec.path("type").asString("ClusterIP"),
                        spec.path("clusterIP").asString("None"),
                        NONE,
                        ports(spec.path("ports")));
            case DEPLOYMENT ->
                List.of(
                        status.path("readyReplicas").asInt(0) + "/"
                                + spec.path("replicas").asInt(1),
                        Integer.toString(status.path("updatedReplicas").asInt(0)),
                        Integer.toString(status.path("availableReplicas").asInt(0)));
            case NAMESPACE -> List.of(status.path("phase").asString("Active"));
            case MODULE_CONFIG ->
                List.of(
                        Boolean.toString(spec.path("enabled").asBoolean(false)),
                        spec.path("version").asString(""));
            case PEER_AUTHENTICATION -> List.of(spec.path("mtls").path("mode").asString(""));
            case AUTHORIZATION_POLICY -> List.of(spec.path("action").asString("ALLOW"));
            case DESTINATION_RULE -> List.of(spec.path("host").asString(""));
            case SERVICE_ACCOUNT, REQUEST_AUTHENTICATION -> List.of();
        };
    }

    private static List<String> wideHead(Kind kind) {
        return switch (kind) {
            case POD -> List.of("IP", "NODE", "NOMINATED NODE", "READINESS GATES");
            case SERVICE -> List.of("SELECTOR");
            case DEPLOYMENT -> List.of("CONTAINERS", "IMAGES", "SELECTOR");
            case NAMESPACE,
                    MODULE_CONFIG,
                    PEER_AUTHENTICATION,
                    AUTHORIZATION_POLICY,
                    DESTINATION_RULE,
                    SERVICE_ACCOUNT,
                    REQUEST_AUTHENTICATION -> List.of();
        };
    }

    private static List<String> wideCells(Kind kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        return switch (kind) {
            case POD ->
                List.of(
                        object.path("status").path("podIP").asString(NONE),
                        spec.path("nodeName").asString(NONE),
                        NONE,
                        NONE);
            case SERVICE -> List.of(labels(spec.path("selector")));
            case DEPLOYMENT -> {
                JsonNode containers = spec.path("template").path("spec").path("containers");
                yield List.of(
                        joined(containers, "name"),
                        joined(containers, "image"),
                        labels(spec.path("selector").path("matchLabels")));
            }
            case NAMESPACE,
                    MODULE_CONFIG,
                    PEER_AUTHENTICATION,
                    AUTHORIZATION_POLICY,
                    DESTINATION_RULE,
                    SERVICE_ACCOUNT,
                    REQUEST_AUTHENTICATION -> List.of();
        };
    }

    private static String ports(JsonNode ports) {
        StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
        for (JsonNode port : ports) {
            text.add(port.path("port").asInt(0) + "/" + port.path("protocol").asString("TCP"));
        }
        return text.toString();
    }

    private static String labels(JsonNode labels) {
        StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
        LabObject.texts(labels).forEach((key, value) -> text.add(key + "=" + value));
        return text.toString();
    }

    private static String joined(JsonNode list, String field) {
        StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
        list.forEach(each -> text.add(each.path(field).asString("")));
        return text.toString();
    }
}
