package io.tanja.control.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.inject.InjectionSettings;
import io.tanja.control.inject.Patching;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.state.MeshState;
import io.tanja.control.state.MeshStateBuilder;
import io.tanja.model.api.ApiObject;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.inject.SidecarDefaults;
import io.tanja.model.manifest.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InjectionReviewerTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final InjectionSettings SETTINGS = new InjectionSettings(
            InjectionSettings.DEFAULT_IMAGE,
            TrustDomain.CLUSTER_LOCAL,
            "tanja-system",
            "Kubernetes",
            true,
            SidecarDefaults.STANDARD);
    private static final String POD = pod("{\"name\": \"web\"}", "{\"containers\": [{\"name\": \"main\"}]}");

    private final List<String> asked = new ArrayList<>();
    private Map<String, Map<String, String>> atServer = Map.of();

    private static String pod(String metadata, String spec) {
        return "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": " + metadata + ", \"spec\": " + spec + "}";
    }

    private static MeshState state(String yaml, boolean needsModuleConfig) {
        List<ApiObject> objects = ManifestReader.read("test.yaml", yaml).objects();
        return MeshStateBuilder.build(
                objects,
                new MeshOptions(TrustDomain.CLUSTER_LOCAL, "tanja-system", "Kubernetes", needsModuleConfig),
                null);
    }

    private static final MeshState MESH = state("""
            {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: other}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: kube-system, labels: {istio-injection: enabled}}}
            """, false);

    private boolean switchedOn;

    private AdmissionResponse review(MeshState state, String namespace, String object, String operation) {
        InjectionReviewer reviewer = new InjectionReviewer(
                () -> state,
                name -> {
                    asked.add(name);
                    Map<String, String> labels = atServer.get(name);
                    if (labels == null) {
                        throw new IllegalStateException("the API server is away");
                    }
                    return labels;
                },
                () -> switchedOn,
                () -> SETTINGS,
                JSON);
        String review = Reviews.request(namespace, object).replace("CREATE", operation);
        return reviewer.review(JSON.unmarshal(review, AdmissionReview.class).getRequest());
    }

    private AdmissionResponse review(String namespace, String object) {
        return review(MESH, namespace, object, "CREATE");
    }

    @Test
    void aPodOfALabelledNamespaceGetsAPatch() {
        AdmissionResponse response = review("shop", POD);

        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getPatchType()).isEqualTo("JSONPatch");
        Pod patched = Patching.apply(
                POD, new String(Base64.getDecoder().decode(response.getPatch()), StandardCharsets.UTF_8));
        assertThat(patched.getMetadata().getLabels()).containsEntry("security.istio.io/tlsMode", "istio");
        assertThat(patched.getSpec().getInitContainers())
                .extracting(container -> container.getName())
                .containsExactly("istio-init", "istio-proxy");
        assertThat(asked).as("what is known is not asked for").isEmpty();
    }

    @Test
    void aPodThatHasItsSidecarIsNotTouchedAgain() {
        AdmissionResponse first = review("shop", POD);
        Pod patched =
                Patching.apply(POD, new String(Base64.getDecoder().decode(first.getPatch()), StandardCharsets.UTF_8));
        atServer = Map.of("shop", Map.of("istio-injection", "enabled"));

        AdmissionResponse second = review("shop", JSON.asJson(patched));

        assertThat(second.getAllowed()).isTrue();
        assertThat(second.getPatch()).isNull();
        assertThat(second.getWarnings()).isEmpty();
    }

    @Test
    void aPodThatCannotHaveASidecarIsNotLetInAndTheAuthorHearsTheFieldAndTheRemedy() {
        AdmissionResponse response = review(
                "shop",
                pod(
                        "{\"generateName\": \"web-\"}",
                        "{\"securityContext\": {\"runAsUser\": 1337}, \"containers\": []}"));

        assertThat(response.getAllowed()).isFalse();
        assertThat(response.getPatch()).isNull();
        assertThat(response.getStatus().getMessage())
                .isEqualTo("the namespace has istio-injection=enabled, but it cannot have a sidecar: Pod shop/web-*"
                        + " spec.securityContext.runAsUser: 1337 is the proxy's: what it sends would pass the redirect"
                        + " unencrypted; choose another number; to except traffic use"
                        + " traffic.sidecar.istio.io/excludeOutboundPorts or excludeOutboundIPRanges");
    }

    @Test
    void aPodThatComesRightAfterTheMeshWasSwitchedOnGetsItsSidecar() {
        switchedOn = true;

        AdmissionResponse enabled = review(
                state(
                        "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}",
                        true),
                "shop",
                POD,
                "CREATE");

        assertThat(enabled.getPatch()).isNotNull();
    }

    @Test
    void aPodThatIsSkippedAlthoughItsNamespaceAsksSaysSo() {
        assertThat(review("shop", pod("{\"name\": \"web\"}", "{\"hostNetwork\": true, \"containers\": []}"))
                        .getWarnings())
                .containsExactly(
                        "Pod shop/web gets no sidecar and is outside the mesh: the pod uses the host's network");
        AdmissionResponse disabled = review(
                state(
                        "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}",
                        true),
                "shop",
                POD,
                "CREATE");
        assertThat(disabled.getAllowed()).isTrue();
        assertThat(disabled.getPatch()).isNull();
        assertThat(disabled.getWarnings())
                .containsExactly(
                        "Pod shop/web gets no sidecar and is outside the mesh: the ModuleConfig istio is not enabled");
    }

    @Test
    void aNamespaceThatIsNotKnownYetIsAskedFor() {
        atServer = Map.of("new", Map.of("istio-injection", "enabled"), "other", Map.of("istio-injection", "enabled"));

        assertThat(review("new", POD).getPatch()).isNotNull();
        assertThat(review("other", POD).getPatch()).as("labelled a moment ago").isNotNull();
        assertThat(asked).containsExactly("new", "other");
        atServer = Map.of("other", Map.of());
        assertThat(review("other", POD).getPatch()).isNull();
    }

    @Test
    void aNamespaceThatCannotBeAskedForLetsNothingIn() {
        assertThatThrownBy(() -> review("new", POD)).hasMessage("the API server is away");
    }

    @Test
    void namespacesThatAreNeverInjectedNeedNoQuestion() {
        AdmissionResponse response = review("kube-system", POD);

        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getPatch()).isNull();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE", "DELETE", "CONNECT"})
    void onlyNewPodsAreChanged(String operation) {
        AdmissionResponse response = review(MESH, "shop", POD, operation);

        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getPatch()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"kind\": \"Service\", \"apiVersion\": \"v1\"}",
                "{\"kind\": \"Pod\", \"apiVersion\": \"v2\"}",
                "{\"kind\": \"Widget\", \"apiVersion\": \"x.example/v1\"}"
            })
    void whatIsNoPodIsNotLetIn(String object) {
        AdmissionResponse response = review("shop", object);

        assertThat(response.getAllowed()).isFalse();
        assertThat(response.getStatus().getMessage()).contains("not a Pod");
    }
}
