package io.tanja.lab.peer;

import io.tanja.lab.object.Yaml;
import io.tanja.lab.sandbox.JavaProgram;
import java.util.List;
import java.util.Map;

/** The objects of the peers tests. */
final class PeersManifest {
    static final String BASE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: peers, labels: {istio-injection: enabled}}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: peers}
            spec: {mtls: {mode: STRICT}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: outside, namespace: default}
            spec:
              selector: {matchLabels: {app: outside}}
              template:
                metadata: {labels: {app: outside}}
                spec:
                  containers:
                  - {name: app, image: "docker.io/library/alpine:3.21", command: [sleep, infinity]}
            """;

    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx32m");

    private PeersManifest() {}

    /** HTTP on 8080 and an unknown protocol on 9000. */
    static String server(String name, JavaProgram program) {
        return deployment(
                name,
                List.of(
                        container("http", program.command(JVM, "io.tanja.lab.app.EchoApp", List.of("8080")), 8080),
                        container(
                                "tcp",
                                program.command(JVM, "io.tanja.lab.app.TcpApp", List.of("serve", "9000")),
                                9000)));
    }

    static String client(String name) {
        return deployment(
                name,
                List.of(Map.of(
                        "name",
                        "app",
                        "image",
                        "docker.io/library/alpine:3.21",
                        "command",
                        List.of("sleep", "infinity"))));
    }

    private static Map<String, Object> container(String name, List<String> command, int port) {
        return Map.of(
                "name",
                name,
                "image",
                "tanja-app",
                "command",
                command,
                "ports",
                List.of(Map.of("containerPort", port)));
    }

    private static String deployment(String name, List<Map<String, Object>> containers) {
        Map<String, Object> object = Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                Map.of("name", name, "namespace", "peers"),
                "spec",
                Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of("app", name)),
                        "template",
                        Map.of(
                                "metadata",
                                Map.of("labels", Map.of("app", name)),
                                "spec",
                                Map.of("containers", containers))));
        return Yaml.JSON.writeValueAsString(object);
    }
}
