package io.tanja.lab.peer;

import io.tanja.lab.object.NewObject;
import io.tanja.lab.sandbox.JavaProgram;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

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
                        NewObject.container(
                                "http",
                                "tanja-app",
                                program.command(JVM, "io.tanja.lab.app.EchoApp", List.of("8080")),
                                List.of(8080)),
                        NewObject.container(
                                "tcp",
                                "tanja-app",
                                program.command(JVM, "io.tanja.lab.app.TcpApp", List.of("serve", "9000")),
                                List.of(9000))));
    }

    static String client(String name) {
        return deployment(
                name,
                List.of(NewObject.container(
                        "app", "docker.io/library/alpine:3.21", List.of("sleep", "infinity"), List.of())));
    }

    private static String deployment(String name, List<ObjectNode> containers) {
        return NewObject.text(NewObject.deployment(NewObject.of("apps/v1", "Deployment", "peers", name), containers));
    }
}
