package io.tanja.control.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.TrustDomain;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Workload;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services whose endpoints somebody keeps by hand. */
class ManualEndpointsTest {
    private static final MeshOptions OPTIONS =
            new MeshOptions(TrustDomain.CLUSTER_LOCAL, "tanja-system", "Kubernetes", false);
    private static final String API_SERVER = """
            apiVersion: v1
            kind: Service
            metadata: {name: kubernetes, namespace: default}
            spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
            addressType: IPv4
            endpoints: [{addresses: [10.240.0.1], conditions: {ready: true}}]
            ports: [{name: https, port: 6443, protocol: TCP}]
            ---
            """;

    private static MeshState state(String text) {
        Manifest manifest = ManifestReader.read("m.yaml", text);
        assertThat(manifest.problems()).isEmpty();
        return MeshStateBuilder.build(manifest.objects(), OPTIONS, null);
    }

    private static List<Workload> behind(MeshState state, String service) {
        return state.members().values().stream()
                .map(Member::workload)
                .filter(workload -> workload.services().containsKey(service))
                .toList();
    }

    @Test
    void theApiServerCanBeCalledFromTheMesh() {
        MeshState state = state(API_SERVER);

        assertThat(behind(state, "default/kubernetes.default.svc.cluster.local"))
                .singleElement()
                .satisfies(workload -> {
                    assertThat(workload.addresses()).containsExactly(InetAddress.ofLiteral("10.240.0.1"));
                    assertThat(workload.meshed()).isFalse();
                    assertThat(workload.ready()).isTrue();
                    assertThat(workload.services().values()).containsExactly(List.of(new PortMapping(443, 6443)));
                });
    }

    @Test
    void aPodOfTheMeshKeepsItsProtectionBehindSuchAService() {
        MeshState state = state("""
                apiVersion: v1
                kind: Service
                metadata: {name: manual, namespace: test}
                spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: manual-1, namespace: test, labels: {kubernetes.io/service-name: manual}}
                addressType: IPv4
                endpoints: [{addresses: [10.244.1.2]}]
                ports: [{name: "", port: 8080}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: test, labels: {security.istio.io/tlsMode: istio}}
                spec: {containers: [{name: main}]}
                status: {phase: Running, podIP: 10.244.1.2}
                """);

        assertThat(behind(state, "test/manual.test.svc.cluster.local"))
                .singleElement()
                .satisfies(workload -> {
                    assertThat(workload.uid()).isEqualTo("Kubernetes//Pod/test/web");
                    assertThat(workload.meshed()).isTrue();
                });
        assertThat(state.members()).hasSize(1);
    }

    @Test
    void aServiceWithASelectorHasItsPodsOnly() {
        MeshState state = state(API_SERVER.replace("spec: {clusterIP", "spec: {selector: {app: x}, clusterIP"));

        assertThat(state.members()).isEmpty();
    }
}
