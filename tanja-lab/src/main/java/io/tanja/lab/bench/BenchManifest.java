package io.tanja.lab.bench;

import io.tanja.lab.object.Yaml;
import java.util.List;
import java.util.Map;

/** The objects of the benchmark. */
final class BenchManifest {
    static final String BASE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: bench, labels: {istio-injection: enabled}}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: bench}
            spec: {mtls: {mode: PERMISSIVE}}
            """;

    private BenchManifest() {}

    /** A client that sleeps, a server with 1 KiB on port 80 (declared HTTP) and 81 (declared TCP), and its service. */
    static String pair(String name, String nginx) {
        return documents(
                deployment("client-" + name, "docker.io/library/alpine:3.21", List.of("sleep", "infinity")),
                deployment("server-" + name, "docker.io/library/nginx:1.26-alpine", List.of("sh", "-c", nginx)),
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        Map.of("name", "server-" + name, "namespace", Bench.NAMESPACE),
                        "spec",
                        Map.of(
                                "selector",
                                Map.of("app", "server-" + name),
                                "ports",
                                List.of(
                                        Map.of("name", "http", "port", 80, "targetPort", 80),
                                        Map.of("name", "tcp", "port", 81, "targetPort", 81)))));
    }

    static String fresh(String name, String nginx) {
        return documents(deployment(name, "docker.io/library/nginx:1.26-alpine", List.of("sh", "-c", nginx)));
    }

    /** The policy that Envoy's RBAC filter has too: any identity of the mesh, any path. */
    static String policy(String app) {
        return documents(Map.of(
                "apiVersion",
                "security.istio.io/v1",
                "kind",
                "AuthorizationPolicy",
                "metadata",
                Map.of("name", "mesh", "namespace", Bench.NAMESPACE),
                "spec",
                Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of("app", app)),
                        "rules",
                        List.of(
                                Map.of(
                                        "from",
                                        List.of(Map.of("source", Map.of("principals", List.of("cluster.local/*")))),
                                        "to",
                                        List.of(Map.of(
                                                "operation", Map.of("ports", List.of("80"), "paths", List.of("/*"))))),
                                Map.of("to", List.of(Map.of("operation", Map.of("ports", List.of("81")))))))));
    }

    private static Map<String, Object> deployment(String name, String image, List<String> command) {
        return Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                Map.of("name", name, "namespace", Bench.NAMESPACE),
                "spec",
                Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of("app", name)),
                        "template",
                        Map.of(
                                "metadata",
                                Map.of("labels", Map.of("app", name)),
                                "spec",
                                Map.of(
                                        "containers",
                                        List.of(Map.of("name", "app", "image", image, "command", command))))));
    }

    private static String documents(Object... objects) {
        StringBuilder text = new StringBuilder();
        for (Object object : objects) {
            text.append("---\n").append(Yaml.JSON.writeValueAsString(object)).append('\n');
        }
        return text.toString();
    }
}
