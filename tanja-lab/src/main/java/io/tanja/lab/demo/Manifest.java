package io.tanja.lab.demo;

import io.tanja.lab.object.NewObject;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The objects of the walk-through, as {@code kubectl} would send them. */
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

    private static final String ALPINE = "docker.io/library/alpine:3.21";

    private Manifest() {}

    static String namespace(String name, boolean inject) {
        ObjectNode namespace = NewObject.of("v1", "Namespace", name);
        if (inject) {
            namespace
                    .withObjectProperty("metadata")
                    .putObject("labels")
                    .put("istio-injection", "enabled")
                    .put("security.deckhouse.io/pod-policy", "privileged");
        }
        return NewObject.text(namespace);
    }

    static String peerAuthentication(String namespace, String mode) {
        ObjectNode policy = NewObject.of("security.istio.io/v1beta1", "PeerAuthentication", namespace, "default");
        policy.putObject("spec").putObject("mtls").put("mode", mode);
        return NewObject.text(policy);
    }

    static String serviceAccount(String namespace, String name) {
        return NewObject.text(NewObject.of("v1", "ServiceAccount", namespace, name));
    }

    static String deployment(String namespace, String name, String image, int port) {
        return NewObject.text(pods(namespace, name, NewObject.container(name, image, List.of(), List.of(port))));
    }

    /** A pod that waits to be entered; {@code account} empty for the default service account. */
    static String sleeper(String namespace, String name, String account) {
        ObjectNode deployment = pods(namespace, name, alpine("sleep infinity"));
        if (!account.isEmpty()) {
            NewObject.template(deployment).withObjectProperty("spec").put("serviceAccountName", account);
        }
        return NewObject.text(deployment);
    }

    /** A pod that says it is meshed and has no sidecar: what an impostor at a pod's address looks like. */
    static String unmeshed(String namespace, String name, String script) {
        ObjectNode deployment = pods(namespace, name, alpine(script));
        NewObject.template(deployment)
                .withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put("sidecar.istio.io/inject", "false")
                .put("security.istio.io/tlsMode", "istio");
        return NewObject.text(deployment);
    }

    /** A deployment of one of the project's own small applications. */
    static String app(String namespace, String name, List<String> command, int port) {
        return NewObject.text(pods(namespace, name, NewObject.container(name, "tanja-app", command, List.of(port))));
    }

    static String service(String namespace, String name, int port, int targetPort) {
        ObjectNode service = NewObject.service(NewObject.of("v1", "Service", namespace, name), Map.of("app", name));
        service.withObjectProperty("metadata").putObject("labels").put("app", name);
        NewObject.port(service, port, targetPort);
        return NewObject.text(service);
    }

    static String allowOnly(String namespace, String name, String principal) {
        ObjectNode policy = policy(namespace, name, "ALLOW");
        rule(policy, "from", "source").putArray("principals").add(principal);
        return NewObject.text(policy);
    }

    static String denyPath(String namespace, String name, String path) {
        ObjectNode policy = policy(namespace, name, "DENY");
        rule(policy, "to", "operation").putArray("paths").add(path);
        return NewObject.text(policy);
    }

    private static ObjectNode policy(String namespace, String name, String action) {
        ObjectNode policy = NewObject.of("security.istio.io/v1", "AuthorizationPolicy", namespace, name);
        ObjectNode spec = policy.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("app", "webserver");
        spec.put("action", action);
        return policy;
    }

    private static ObjectNode rule(ObjectNode policy, String side, String what) {
        return policy.withObjectProperty("spec")
                .withArrayProperty("rules")
                .addObject()
                .putArray(side)
                .addObject()
                .putObject(what);
    }

    private static ObjectNode pods(String namespace, String name, ObjectNode container) {
        return NewObject.deployment(NewObject.of("apps/v1", "Deployment", namespace, name), List.of(container));
    }

    private static ObjectNode alpine(String script) {
        return NewObject.container("alpine", ALPINE, List.of("/bin/sh", "-c", script), List.of());
    }
}
