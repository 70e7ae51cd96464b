package io.tanja.lab.bench;

import io.tanja.lab.object.NewObject;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The objects of the benchmark. */
final class BenchManifest {
    /** A namespace outside the mesh. */
    static final String STREET = "street";

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
        ObjectNode client = deployment("client-" + name, "docker.io/library/alpine:3.21", List.of("sleep", "infinity"));
        return NewObject.text(client) + server(name, nginx);
    }

    /** The server of a pair alone. */
    static String server(String name, String nginx) {
        String server = "server-" + name;
        ObjectNode service =
                NewObject.service(NewObject.of("v1", "Service", Bench.NAMESPACE, server), Map.of("app", server));
        NewObject.port(service, 80, 80).put("name", "http");
        NewObject.port(service, 81, 81).put("name", "tcp");
        return NewObject.text(app(server, nginx), service);
    }

    /** A client outside the mesh, in a namespace of its own. */
    static String outsider() {
        return NewObject.text(
                NewObject.of("v1", "Namespace", STREET),
                NewObject.deployment(
                        NewObject.of("apps/v1", "Deployment", STREET, "outsider"),
                        List.of(NewObject.container(
                                "app", "docker.io/library/alpine:3.21", List.of("sleep", "infinity"), List.of()))));
    }

    static String fresh(String name, String nginx) {
        return NewObject.text(app(name, nginx));
    }

    /** The policy that Envoy's RBAC filter has too: any identity of the mesh, any path. */
    static String policy(String app) {
        ObjectNode policy = NewObject.of("security.istio.io/v1", "AuthorizationPolicy", Bench.NAMESPACE, "mesh");
        ObjectNode spec = policy.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("app", app);
        ObjectNode http = spec.withArrayProperty("rules").addObject();
        http.putArray("from")
                .addObject()
                .putObject("source")
                .putArray("principals")
                .add("cluster.local/*");
        ObjectNode operation = http.putArray("to").addObject().putObject("operation");
        operation.putArray("ports").add("80");
        operation.putArray("paths").add("/*");
        ObjectNode tcp = spec.withArrayProperty("rules").addObject();
        tcp.putArray("to").addObject().putObject("operation").putArray("ports").add("81");
        return NewObject.text(policy);
    }

    private static ObjectNode app(String name, String nginx) {
        return deployment(name, "docker.io/library/nginx:1.26-alpine", List.of("sh", "-c", nginx));
    }

    private static ObjectNode deployment(String name, String image, List<String> command) {
        return NewObject.deployment(
                NewObject.of("apps/v1", "Deployment", Bench.NAMESPACE, name),
                List.of(NewObject.container("app", image, command, List.of())));
    }
}
