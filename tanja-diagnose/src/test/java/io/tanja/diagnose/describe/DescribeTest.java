package io.tanja.diagnose.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.FakeCluster;
import io.tanja.diagnose.describe.PodDescription.Port;
import io.tanja.diagnose.status.MeshedPod.Expires;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescribeTest {
    private static final Instant EXPIRY = Instant.parse("2026-01-02T00:00:00Z");
    private static final String SHOP = "/api/v1/namespaces/shop";

    private final FakeCluster cluster;
    private final KubernetesClient client;

    DescribeTest() throws IOException {
        cluster = new FakeCluster();
        client = cluster.client();
        namespace("\"istio-injection\":\"enabled\"");
        module(true);
        pod("\"security.istio.io/tlsMode\":\"istio\",", "\"sidecar.istio.io/status\":\"{}\"", "istio-proxy");
        services("""
                {"metadata":{"name":"web","namespace":"shop","creationTimestamp":"2026-01-01T00:00:00Z"},
                 "spec":{"selector":{"app":"web"},"clusterIP":"10.96.0.9","clusterIPs":["10.96.0.9"],
                         "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}}""");
        policies("shop", "peerauthentications", "PeerAuthentication", """
                {"metadata":{"name":"default","namespace":"shop"},"spec":{"mtls":{"mode":"STRICT"}}}""");
        policies("shop", "authorizationpolicies", "AuthorizationPolicy", "");
        policies("mesh", "peerauthentications", "PeerAuthentication", "");
        policies("mesh", "authorizationpolicies", "AuthorizationPolicy", "");
        cluster.with("/apis/apps/v1/namespaces/mesh/deployments/tanja-control", """
                {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"tanja-control","namespace":"mesh"},
                 "spec":{"template":{"spec":{"containers":[{"name":"control","args":["@/app/control.args",
                  "--source=kubernetes","--root-namespace=mesh","--trust-domain=corp.example","--replica=$(POD_NAME)"]}]}}}}""");
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void describesAMeshedPodAndTheObjectsThatDecide() throws Exception {
        PodDescription pod = describe();

        assertThat(pod.membership().meshed()).isTrue();
        assertThat(pod.membership().reason()).isEqualTo("the namespace has istio-injection=enabled");
        assertThat(pod.identity()).isEqualTo("spiffe://corp.example/ns/shop/sa/shopkeeper");
        assertThat(pod.certificate()).isEqualTo(new Expires(EXPIRY));
        assertThat(pod.ports())
                .containsExactly(
                        new Port(8080, "HTTP", "STRICT", "PeerAuthentication shop/default", true),
                        new Port(9000, "", "STRICT", "PeerAuthentication shop/default", true),
                        new Port(0, "", "STRICT", "PeerAuthentication shop/default", true));
        assertThat(pod.services()).singleElement().satisfies(service -> {
            assertThat(service.name()).isEqualTo("shop/web");
            assertThat(service.ports()).containsExactly("80 → 8080 HTTP");
        });
        assertThat(pod.policies()).isEmpty();
        assertThat(pod.warnings()).singleElement().asString().startsWith("STRICT: callers without a sidecar");
        assertThat(new PodDescriptionText(pod).lines())
                .contains("Meshed:       yes: the namespace has istio-injection=enabled")
                .contains("Certificate:  valid until 2026-01-02T00:00:00Z");
    }

    @Test
    void saysWhyAPodIsNotMeshedAndWhatWouldChangeIt() throws Exception {
        pod("", "", "app");
        namespace("\"team\":\"a\"");

        PodDescription pod = describe();

        assertThat(pod.membership().meshed()).isFalse();
        assertThat(pod.membership().reason()).isEqualTo("neither the namespace nor the pod asks for a sidecar");
        assertThat(pod.membership().remedy())
                .contains("kubectl label namespace shop istio-injection=enabled")
                .contains("rollout restart");
        assertThat(pod.certificate().time()).isNull();
        assertThat(new PodDescriptionText(pod).lines())
                .contains("Meshed:       NO: neither the namespace nor the pod asks for a sidecar")
                .noneMatch(line -> line.startsWith("Certificate"));
    }

    @Test
    void findsThePodThatWasMadeBeforeItsNamespaceWasLabelled() throws Exception {
        pod("", "", "app");

        assertThat(describe().membership().reason())
                .isEqualTo(
                        "the namespace has istio-injection=enabled, but the pod has no sidecar: it was made before, or"
                                + " without the webhook");
    }

    @Test
    void findsASidecarThatTheNextPodWillNotHave() throws Exception {
        namespace("\"istio-injection\":\"disabled\"");

        PodDescription pod = describe();

        assertThat(pod.membership().meshed()).isTrue();
        assertThat(pod.warnings())
                .contains(
                        "a pod that takes its place will have no sidecar: the namespace has istio-injection=disabled");
    }

    @Test
    void aMeshThatIsOffServesThePodsThatAreLeft() throws Exception {
        module(false);

        PodDescription left = describe();
        pod("", "", "app");
        PodDescription fresh = describe();

        assertThat(left.membership().meshed()).isTrue();
        assertThat(left.warnings())
                .contains("a pod that takes its place will have no sidecar: the ModuleConfig istio is not enabled");
        assertThat(fresh.membership().meshed()).isFalse();
        assertThat(fresh.membership().reason()).isEqualTo("the ModuleConfig istio is not enabled");
    }

    @Test
    void whatTheModuleConfigLeavesOutOfCaptureIsTold() throws Exception {
        cluster.with("/apis/deckhouse.io/v1alpha1/moduleconfigs/istio", """
                {"kind":"ModuleConfig","apiVersion":"deckhouse.io/v1alpha1","metadata":{"name":"istio"},
                 "spec":{"version":2,"enabled":true,"settings":{"sidecar":{"excludeInboundPorts":["9000"]}}}}""");

        PodDescription pod = describe();

        assertThat(pod.ports()).contains(new Port(9000, "", "STRICT", "PeerAuthentication shop/default", false));
        assertThat(pod.warnings()).anyMatch(w -> w.startsWith("port 9000 is left out of capture"));
    }

    @Test
    void aLabelIsNoSidecar() throws Exception {
        pod("\"security.istio.io/tlsMode\":\"istio\",", "", "app");

        assertThat(describe().membership().reason()).contains("no container istio-proxy");
    }

    @Test
    void warnsOfWhatDefeatsTheMesh() throws Exception {
        pod(
                "\"security.istio.io/tlsMode\":\"istio\",",
                "\"sidecar.istio.io/status\":\"{}\",\"traffic.sidecar.istio.io/excludeInboundPorts\":\"9000\","
                        + "\"traffic.sidecar.istio.io/excludeOutboundPorts\":\"5432\"",
                "istio-proxy");
        services("""
                {"metadata":{"name":"web","namespace":"shop"},
                 "spec":{"selector":{"app":"web"},"clusterIP":"None",
                         "ports":[{"name":"web","port":80,"targetPort":8080,"protocol":"TCP"},
                                  {"name":"tcp-raw","port":81,"targetPort":8080,"protocol":"TCP"},
                                  {"name":"http-gone","port":82,"targetPort":"gone","protocol":"TCP"}]}}""");
        policies("shop", "authorizationpolicies", "AuthorizationPolicy", """
                {"metadata":{"name":"look","namespace":"shop"},"spec":{"action":"ALLOW","rules":[
                 {"to":[{"operation":{"methods":["GET"]}}]}]}}""");

        PodDescription pod = describe();

        assertThat(pod.warnings())
                .anyMatch(w -> w.startsWith("port 9000 is left out of capture") && w.contains("mutual TLS"))
                .anyMatch(w -> w.startsWith("what the pod itself sends is not captured everywhere"))
                .anyMatch(w -> w.startsWith("Service shop/web port 80 is named web, which declares no protocol"))
                .anyMatch(w -> w.startsWith("Service shop/web port 82 leads nowhere"))
                .anyMatch(w -> w.startsWith("port 8080 is declared differently by"));
        assertThat(pod.ports()).contains(new Port(9000, "", "STRICT", "PeerAuthentication shop/default", false));
        assertThat(pod.policies()).singleElement().satisfies(policy -> {
            assertThat(policy.name()).isEqualTo("shop/look");
            assertThat(policy.action()).isEqualTo("ALLOW");
            assertThat(policy.scope()).isEqualTo("its whole namespace");
        });
    }

    @Test
    void showsWhatIsWrongWithAPolicyThatIsThereforeNotInForce() throws Exception {
        policies("shop", "peerauthentications", "PeerAuthentication", """
                {"metadata":{"name":"bad","namespace":"shop"},"spec":{"mtls":{"mode":"MAYBE"}}}""");

        PodDescription pod = describe();

        assertThat(pod.ports().getLast()).isEqualTo(new Port(0, "", "PERMISSIVE", "default", true));
        assertThat(pod.warnings()).anyMatch(w -> w.contains("PeerAuthentication shop/bad") && w.contains("MAYBE"));
    }

    @Test
    void aClusterWithoutTheMeshIsDescribedAllTheSame() throws Exception {
        try (FakeCluster bare = new FakeCluster();
                KubernetesClient other = bare.client()) {
            bare.with(SHOP, namespaceText(""))
                    .with(SHOP + "/pods/web-1", podText("", "", "app"))
                    .with(SHOP + "/services", "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[]}");

            Observed seen = new ClusterObserver(other).observe("tanja-system", "shop", "web-1");
            PodDescription pod = PodDescriber.describe(seen, () -> new Expires(EXPIRY));

            assertThat(pod.membership().meshed()).isFalse();
            assertThat(pod.warnings())
                    .anyMatch(w -> w.contains("no control plane is installed in namespace tanja-system"))
                    .anyMatch(w -> w.contains("there is no ModuleConfig istio"))
                    .anyMatch(w -> w.contains("does not define peerauthentications"));
        }
    }

    @Test
    void aPodThatIsNotThereOrMayNotBeSeenIsSaidToBeSo() {
        assertThatThrownBy(() -> new ClusterObserver(client).observe("mesh", "shop", "web-9"))
                .isInstanceOf(DiagnoseException.class)
                .hasMessageContaining("pod shop/web-9: is not there");
        cluster.forbid(SHOP + "/services");
        assertThatThrownBy(this::describe).hasMessageContaining("you may not get " + SHOP + "/services");
    }

    private PodDescription describe() throws DiagnoseException {
        return PodDescriber.describe(
                new ClusterObserver(client).observe("mesh", "shop", "web-1"), () -> new Expires(EXPIRY));
    }

    private void namespace(String labels) {
        cluster.with(SHOP, namespaceText(labels));
    }

    private static String namespaceText(String labels) {
        return "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"shop\",\"labels\":{" + labels
                + "}}}";
    }

    private void module(boolean enabled) {
        cluster.with("/apis/deckhouse.io/v1alpha1/moduleconfigs/istio", """
                {"kind":"ModuleConfig","apiVersion":"deckhouse.io/v1alpha1","metadata":{"name":"istio"},
                 "spec":{"version":2,"enabled":%s}}""".formatted(enabled));
    }

    private void pod(String labels, String annotations, String second) {
        cluster.with(SHOP + "/pods/web-1", podText(labels, annotations, second));
    }

    private static String podText(String labels, String annotations, String second) {
        return """
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-1","namespace":"shop",
                  "labels":{%s"app":"web"},"annotations":{%s}},
                 "spec":{"serviceAccountName":"shopkeeper","initContainers":[{"name":"%s"}],"containers":[
                   {"name":"web","ports":[{"containerPort":9000,"protocol":"TCP"}]},{"name":"%s"}]},
                 "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],
                           "conditions":[{"type":"Ready","status":"True"}]}}""".formatted(labels, annotations, second.equals("istio-proxy") ? "istio-init" : "prepare", second);
    }

    private void services(String items) {
        cluster.with(SHOP + "/services", "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[" + items + "]}");
    }

    private void policies(String namespace, String resource, String kind, String items) {
        cluster.with(
                "/apis/security.istio.io/v1/namespaces/" + namespace + "/" + resource,
                "{\"kind\":\"" + kind + "List\",\"apiVersion\":\"security.istio.io/v1\",\"items\":[" + items + "]}");
    }
}
