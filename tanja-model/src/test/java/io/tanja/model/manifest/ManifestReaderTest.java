package io.tanja.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.ApiObject;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.Deployment;
import io.tanja.model.api.ModuleConfig;
import io.tanja.model.api.Namespace;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.Pod;
import io.tanja.model.api.Service;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.IpBlock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
    static String resource(String name) throws IOException {
        try (InputStream in = ManifestReaderTest.class.getResourceAsStream("/manifests/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T extends ApiObject> T only(String text, Class<T> type) {
        Manifest manifest = ManifestReader.read("m.yaml", text);
        assertThat(manifest.problems()).isEmpty();
        assertThat(manifest.objects()).singleElement().isInstanceOf(type);
        return type.cast(manifest.objects().getFirst());
    }

    @Test
    void readsTheSeedsManifests() throws IOException {
        Manifest manifest = ManifestReader.read("seed.yaml", resource("seed.yaml"));

        assertThat(manifest.problems()).isEmpty();
        assertThat(manifest.objects())
                .extracting(ApiObject::id)
                .containsExactly(
                        "ModuleConfig istio",
                        "Namespace test-istio-mtls",
                        "PeerAuthentication test-istio-mtls/default",
                        "Deployment test-istio-mtls/webserver",
                        "Service test-istio-mtls/webserver");
        ModuleConfig module = (ModuleConfig) manifest.objects().get(0);
        assertThat(module.enabled()).isTrue();
        assertThat(module.version()).isEqualTo(2);
        Namespace namespace = (Namespace) manifest.objects().get(1);
        assertThat(namespace.meta().labels()).containsEntry("istio-injection", "enabled");
        assertThat(namespace.meta().creationTimestamp()).isNull();
        assertThat(namespace.origin()).hasToString("seed.yaml:9");
        PeerAuthentication peer = (PeerAuthentication) manifest.objects().get(2);
        assertThat(peer.mode()).isEqualTo(PeerAuthentication.Mode.PERMISSIVE);
        Deployment deployment = (Deployment) manifest.objects().get(3);
        assertThat(deployment.template().spec().serviceAccountName()).isEqualTo("default");
        assertThat(deployment.template().spec().containers())
                .singleElement()
                .satisfies(c -> assertThat(c.command()).containsExactly("/bin/sh", "-c", "nginx -g \"daemon off;\""));
        Service service = (Service) manifest.objects().get(4);
        assertThat(service.ports())
                .containsExactly(new Service.Port("", 80, new Service.TargetPort.Numbered(80), null, "TCP"));
        assertThat(service.headless()).isFalse();
    }

    @Test
    void readsJsonAndListsAndTheNamespaceOfTheCaller() {
        Manifest manifest = ManifestReader.read("l.json", """
                {"apiVersion": "v1", "kind": "List", "items": [
                \t{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a", "namespace": "other"}},
                \t{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthenticationList", "items": [
                \t\t{"metadata": {"name": "b", "creationTimestamp": "2026-01-02T03:04:05Z"}, "spec": {"mtls": {"mode": "STRICT"}}}]}]}
                """, "given");

        assertThat(manifest.problems()).isEmpty();
        assertThat(manifest.objects())
                .extracting(ApiObject::id)
                .containsExactly("ServiceAccount other/a", "PeerAuthentication given/b");
        assertThat(manifest.objects().get(1).meta().creationTimestamp())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Test
    void readsPodsWithOwnersAndStatus() {
        Pod pod = only("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web-76d6c9b8c-9mdtb
                  namespace: test
                  uid: 0b6f
                  labels: {app: web, pod-template-hash: 76d6c9b8c}
                  ownerReferences: [{kind: ReplicaSet, name: web-76d6c9b8c, controller: true}]
                spec:
                  serviceAccountName: shop
                  nodeName: n1
                  containers:
                  - name: web
                    image: nginx
                    env: [{name: B, value: "2"}, {name: A, value: "1"}]
                    ports: [{name: http, containerPort: 8080}]
                    readinessProbe: {httpGet: {path: /, port: 8080}}
                status:
                  phase: Running
                  podIPs: [{ip: 10.1.2.3}, {ip: "fd00::7"}]
                  conditions: [{type: Initialized, status: "True"}, {type: Ready, status: "True"}]
                """, Pod.class);

        assertThat(pod.workloadName()).isEqualTo("web");
        assertThat(pod.spec().serviceAccountName()).isEqualTo("shop");
        assertThat(pod.spec().containers().getFirst().env().keySet()).containsExactly("B", "A");
        assertThat(pod.spec().port("http")).hasValue(8080);
        assertThat(pod.status().ready()).isTrue();
        assertThat(pod.status().podIPs()).containsExactly(IpBlock.address("10.1.2.3"), IpBlock.address("fd00::7"));
    }

    @Test
    void aPodThatIsBeingDeletedIsNotReady() {
        Pod pod = only("""
                apiVersion: v1
                kind: Pod
                metadata: {name: a, deletionTimestamp: 2026-01-02T03:04:05Z}
                spec: {containers: [{name: c, image: i}]}
                status: {conditions: [{type: Ready, status: "True"}]}
                """, Pod.class);

        assertThat(pod.status().ready()).isFalse();
        assertThat(pod.workloadName()).isEqualTo("a");
    }

    @Test
    void readsHeadlessServicesAndNamedPorts() {
        Service service = only("""
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec:
                  clusterIP: None
                  ports: [{name: tcp-db, port: 5432, targetPort: db}, {name: web, port: 80, appProtocol: http}]
                """, Service.class);

        assertThat(service.headless()).isTrue();
        assertThat(service.clusterIPs()).isEmpty();
        assertThat(service.ports().get(0).target()).isEqualTo(new Service.TargetPort.Named("db"));
        assertThat(service.ports().get(1).appProtocol()).isEqualTo("http");
    }

    @Test
    void readsPortLevelModes() {
        PeerAuthentication peer = only("""
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: web, namespace: test}
                spec:
                  selector: {matchLabels: {app: web}}
                  mtls: {mode: STRICT}
                  portLevelMtls:
                    8080: {mode: DISABLE}
                    "9090": {}
                """, PeerAuthentication.class);

        assertThat(peer.selector()).isEqualTo(Map.of("app", "web"));
        assertThat(peer.portLevelMtls())
                .isEqualTo(Map.of(8080, PeerAuthentication.Mode.DISABLE, 9090, PeerAuthentication.Mode.UNSET));
    }

    @Test
    void readsAuthorizationPolicies() {
        AuthorizationPolicy policy = only("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: web, namespace: test, annotations: {istio.io/dry-run: "true"}}
                spec:
                  selector: {matchLabels: {app: web}}
                  action: DENY
                  rules:
                  - from:
                    - source: {principals: ["cluster.local/ns/a/sa/b"], notNamespaces: [c]}
                    to:
                    - operation: {methods: [GET], paths: ["/a*"], ports: ["80"]}
                    when:
                    - {key: "request.headers[x-team]", values: [red], notValues: [blue]}
                  - {}
                """, AuthorizationPolicy.class);

        assertThat(policy.action()).isEqualTo(Action.DENY);
        assertThat(policy.dryRun()).isTrue();
        assertThat(policy.rules()).hasSize(2);
        assertThat(policy.rules().get(0).from().getFirst().namespaces().not()).containsExactly("c");
        assertThat(policy.rules().get(0).when().getFirst().values().any()).containsExactly("red");
        assertThat(policy.rules().get(1).from()).isEmpty();
        assertThat(policy.resolved().name()).hasToString("test/web");
    }

    @Test
    void anEmptySpecAllowsNothing() {
        AuthorizationPolicy policy = only(
                "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: none}, spec: {}}",
                AuthorizationPolicy.class);

        assertThat(policy.action()).isEqualTo(Action.ALLOW);
        assertThat(policy.rules()).isEqualTo(List.of());
    }

    @Test
    void readsAnOrdinaryAlias() {
        Deployment deployment = only("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: a}
                spec:
                  selector: {matchLabels: &labels {app: a}}
                  template: {metadata: {labels: *labels}, spec: {containers: [{name: c, image: i}]}}
                """, Deployment.class);

        assertThat(deployment.template().labels()).isEqualTo(Map.of("app", "a"));
    }

    @Test
    void ignoresWhatIsNoneOfItsBusinessWithAWarning() {
        Manifest manifest = ManifestReader.read("m.yaml", """
                # a comment
                ---
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, namespace: test}
                data: {a: b}
                ---
                {apiVersion: v1, kind: ServiceAccount, metadata: {name: x}}
                """);

        assertThat(manifest.hasErrors()).isFalse();
        assertThat(manifest.problems()).singleElement().satisfies(p -> {
            assertThat(p.object()).isEqualTo("ConfigMap test/c");
            assertThat(p.message()).isEqualTo("v1 ConfigMap is not served, ignored");
            assertThat(p.line()).isEqualTo(4);
        });
        assertThat(manifest.objects()).hasSize(1);
    }
}
