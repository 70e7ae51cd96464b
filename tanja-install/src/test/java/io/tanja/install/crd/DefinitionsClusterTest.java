package io.tanja.install.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tanja.install.object.Names;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real API server judges objects by our schemas and rules. The kinds have a group of their own here, so that a mesh on the
 * same cluster notices nothing.
 */
@Tag("cluster")
class DefinitionsClusterTest {
    private static final String GROUP = "definitions-test.tanja.io";
    private static final KubernetesClient CLIENT = new KubernetesClientBuilder().build();
    private static final List<CustomResourceDefinition> KINDS =
            Definitions.all().stream().map(DefinitionsClusterTest::renamed).toList();

    @BeforeAll
    static void define() {
        for (CustomResourceDefinition kind : KINDS) {
            CLIENT.resource(kind).fieldManager(Names.MANAGER).forceConflicts().serverSideApply();
            CLIENT.resource(kind)
                    .waitUntilCondition(
                            present -> present != null
                                    && present.getStatus() != null
                                    && present.getStatus().getConditions() != null
                                    && present.getStatus().getConditions().stream()
                                            .anyMatch(condition -> condition
                                                            .getType()
                                                            .equals("Established")
                                                    && condition.getStatus().equals("True")),
                            30,
                            TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void forget() {
        KINDS.forEach(kind -> CLIENT.resource(kind).delete());
        CLIENT.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{mtls: {mode: STRICT}}",
                "{mtls: {mode: UNSET}}",
                "{selector: {matchLabels: {app: a}}, portLevelMtls: {8080: {mode: DISABLE}, 65535: {mode: STRICT}}}",
            })
    void takesPeerAuthenticationsThatIstioTakes(String spec) {
        create("v1beta1", "PeerAuthentication", spec);
        create("v1", "PeerAuthentication", spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{mtls: {mode: STRICTT}}",
                "{mtls: STRICT}",
                "{portLevelMtls: {8080: {mode: STRICT}}}",
                "{selector: {matchLabels: {}}, portLevelMtls: {8080: {mode: STRICT}}}",
                "{selector: {matchLabels: {app: a}}, portLevelMtls: {}}",
                "{selector: {matchLabels: {app: a}}, portLevelMtls: {http: {mode: STRICT}}}",
                "{selector: {matchLabels: {app: a}}, portLevelMtls: {0: {mode: STRICT}}}",
                "{selector: {matchLabels: {app: a}}, portLevelMtls: {65536: {mode: STRICT}}}",
                "{selector: {matchLabels: {app: 'a*'}}}",
                "{selector: {matchLabels: {'a*': a}}}",
                "{selector: {matchLabels: {'': a}}}",
            })
    void refusesPeerAuthenticationsThatIstioRefuses(String spec) {
        assertRefused("PeerAuthentication", spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{rules: [{}]}",
                "{action: DENY, rules: [{}]}",
                "{action: CUSTOM, provider: {name: p}, rules: [{}]}",
                "{action: AUDIT, rules: [{to: [{operation: {notPorts: ['80'], hosts: ['*']}}]}]}",
                "{targetRefs: [{kind: Service, group: '', name: a}]}",
                "{rules: [{from: [{source: {serviceAccounts: [a, b/c], ipBlocks: [10.0.0.0/8]}}]}]}",
                "{rules: [{from: [{source: {trustDomains: [a]}}], to: [{operation: {paths: ['/{*}']}}],"
                        + " when: [{key: 'request.headers[x]', notValues: [a]}]}]}",
            })
    void takesAuthorizationPoliciesThatIstioTakes(String spec) {
        create("v1beta1", "AuthorizationPolicy", spec);
        create("v1", "AuthorizationPolicy", spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{action: ALLOWED}",
                "{action: DENY}",
                "{action: DENY, rules: []}",
                "{action: CUSTOM, rules: [{}]}",
                "{provider: {name: p}, rules: [{}]}",
                "{rules: [{from: []}]}",
                "{rules: [{from: [{}]}]}",
                "{rules: [{from: [{source: {}}]}]}",
                "{rules: [{to: [{operation: {}}]}]}",
                "{rules: [{when: [{key: a}]}]}",
                "{rules: [{when: [{values: [a]}]}]}",
                "{rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]}",
                "{rules: [{from: [{source: {notServiceAccounts: [a], principals: [b]}}]}]}",
                "{selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, name: a}]}",
                "{targetRef: {kind: Service}}",
            })
    void refusesAuthorizationPoliciesThatIstioRefuses(String spec) {
        assertRefused("AuthorizationPolicy", spec);
    }

    @Test
    void takesASettingThatItDoesNotKnowForTheStatusToReport() {
        create(
                "v1alpha1",
                "ModuleConfig",
                "{version: 2, enabled: true, settings: {tlsMode: Mutual, alliance: {a: 1}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{enabled: true, settings: {tlsMode: Mutual}}",
                "{version: 2, settings: {tlsMode: Strict}}",
                "{version: 2, settings: {outboundTrafficPolicyMode: Any}}",
                "{version: 2, settings: {sidecar: {excludeInboundPorts: [http]}}}",
                "{version: 2, settings: {sidecar: {includeOutboundIPRanges: ['*.example']}}}",
                "{enabled: 'yes'}",
            })
    void refusesAModuleConfigThatCannotBeMeant(String spec) {
        assertRefused("ModuleConfig", spec);
    }

    @Test
    void refusesTheModuleConfigOfAnotherModule() {
        GenericKubernetesResource other = object("v1alpha1", "ModuleConfig", "{version: 2, enabled: true}");
        other.getMetadata().setName("isto");
        assertThatThrownBy(() -> CLIENT.resource(other).dryRun().create()).hasMessageContaining("is named istio");
    }

    private static void assertRefused(String kind, String spec) {
        String version = kind.equals("ModuleConfig") ? "v1alpha1" : "v1";
        assertThatThrownBy(() -> create(version, kind, spec))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422));
    }

    private static void create(String version, String kind, String spec) {
        CLIENT.resource(object(version, kind, spec)).dryRun().create();
    }

    private static GenericKubernetesResource object(String version, String kind, String spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(GROUP + "/" + version);
        object.setKind(kind);
        object.setMetadata(new ObjectMetaBuilder()
                .withName("istio")
                .withNamespace(kind.equals("ModuleConfig") ? null : "default")
                .build());
        // Not the spec alone: what begins with a brace is read as JSON.
        object.setAdditionalProperties(Map.of(
                "spec",
                Objects.requireNonNull(
                        Serialization.unmarshal("spec: " + spec, Map.class).get("spec"))));
        return object;
    }

    private static CustomResourceDefinition renamed(CustomResourceDefinition definition) {
        var spec = definition.getSpec();
        spec.setGroup(GROUP);
        spec.getNames().setShortNames(List.of());
        spec.getNames().setCategories(List.of());
        definition.getMetadata().setName(spec.getNames().getPlural() + "." + GROUP);
        return definition;
    }
}
