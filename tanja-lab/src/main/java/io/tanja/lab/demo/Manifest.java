package io.tanja.lab.demo;

/**
 * The objects of the walk-through, as {@code kubectl} would send them. Names are the walk-through's own constants; no
 * text of a user goes in here.
 */
final class Manifest {
    /** The seed document's first step, to the letter. */
    static final String MODULE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata:
              name: istio
            spec:
              version: 2
              enabled: true
            """;

    private Manifest() {}

    static String namespace(String name, boolean inject) {
        String labels = inject
                ? "  labels:\n    istio-injection: enabled\n    security.deckhouse.io/pod-policy: privileged\n"
                : "";
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n" + labels;
    }

    static String peerAuthentication(String namespace, String mode) {
        return """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata:
                  name: default
                  namespace: %s
                spec:
                  mtls:
                    mode: %s
                """.formatted(namespace, mode);
    }

    static String serviceAccount(String namespace, String name) {
        return "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: " + name + "\n  namespace: " + namespace
                + "\n";
    }

    static String deployment(String namespace, String name, String image, int port) {
        return head(namespace, name, "", "") + "      - name: " + name + "\n        image: " + image
                + "\n        ports:\n        - containerPort: " + port + "\n";
    }

    /** A pod that waits to be entered; {@code account} empty for the default service account. */
    static String sleeper(String namespace, String name, String account) {
        return head(namespace, name, account, "") + "      - name: alpine\n"
                + "        image: docker.io/library/alpine:3.21\n"
                + "        command: [/bin/sh, -c, \"sleep infinity\"]\n";
    }

    /** A pod that says it is meshed and has no sidecar: what an impostor at a pod's address looks like. */
    static String unmeshed(String namespace, String name, String script) {
        String labels = "        sidecar.istio.io/inject: \"false\"\n        security.istio.io/tlsMode: istio\n";
        return head(namespace, name, "", labels) + "      - name: alpine\n"
                + "        image: docker.io/library/alpine:3.21\n"
                + "        command: [/bin/sh, -c, \"" + script + "\"]\n";
    }

    /** A deployment of one of the project's own small applications. */
    static String app(String namespace, String name, Iterable<String> command, int port) {
        StringBuilder words = new StringBuilder();
        command.forEach(word -> words.append("        - \"").append(word).append("\"\n"));
        return head(namespace, name, "", "") + "      - name: " + name
                + "\n        image: tanja-app\n        command:\n" + words + "        ports:\n        - containerPort: "
                + port + "\n";
    }

    static String service(String namespace, String name, int port, int targetPort) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %2$s
                  namespace: %1$s
                  labels:
                    app: %2$s
                spec:
                  ports:
                  - port: %3$d
                    protocol: TCP
                    targetPort: %4$d
                  selector:
                    app: %2$s
                """.formatted(namespace, name, port, targetPort);
    }

    static String allowOnly(String namespace, String name, String principal) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: %2$s
                  namespace: %1$s
                spec:
                  selector:
                    matchLabels:
                      app: webserver
                  action: ALLOW
                  rules:
                  - from:
                    - source:
                        principals: ["%3$s"]
                """.formatted(namespace, name, principal);
    }

    static String denyPath(String namespace, String name, String path) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: %2$s
                  namespace: %1$s
                spec:
                  selector:
                    matchLabels:
                      app: webserver
                  action: DENY
                  rules:
                  - to:
                    - operation:
                        paths: ["%3$s"]
                """.formatted(namespace, name, path);
    }

    private static String head(String namespace, String name, String account, String labels) {
        String serviceAccount = account.isEmpty() ? "" : "      serviceAccountName: " + account + "\n";
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %2$s
                  namespace: %1$s
                  labels:
                    app: %2$s
                spec:
                  replicas: 1
                  selector:
                    matchLabels:
                      app: %2$s
                  template:
                    metadata:
                      labels:
                        app: %2$s
                %4$s    spec:
                %3$s      containers:
                """.formatted(namespace, name, serviceAccount, labels);
    }
}
