package io.tanja.install.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.tanja.model.module.ModuleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    @Test
    void haveTheKindsThatTheControlPlaneWatches() {
        assertThat(Definitions.all())
                .extracting(definition -> definition.getMetadata().getName())
                .containsExactly(
                        "peerauthentications.security.istio.io",
                        "authorizationpolicies.security.istio.io",
                        "moduleconfigs.deckhouse.io");
    }

    @Test
    void storeOneVersionAndServeAllAlikeWithAStatus() {
        assertThat(Definitions.all()).allSatisfy(definition -> {
            var versions = definition.getSpec().getVersions();
            assertThat(versions).filteredOn(version -> version.getStorage()).hasSize(1);
            assertThat(versions).allSatisfy(version -> {
                assertThat(version.getServed()).isTrue();
                assertThat(version.getSubresources().getStatus()).isNotNull();
                assertThat(version.getSchema()).isEqualTo(versions.getFirst().getSchema());
            });
        });
        assertThat(Definitions.all().getFirst().getSpec().getVersions())
                .extracting(version -> version.getName())
                .containsExactly("v1", "v1beta1");
    }

    @Test
    void keepNoUnknownFieldOfAPolicy() {
        for (CustomResourceDefinition definition : Definitions.all().subList(0, 2)) {
            List<String> open = new ArrayList<>();
            JSONSchemaProps root =
                    definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            open("spec", Objects.requireNonNull(root.getProperties().get("spec")), open);
            assertThat(open).as(definition.getMetadata().getName()).isEmpty();
        }
    }

    /** What the schema names is what the control plane knows, served or refused; the rest it reports as it comes. */
    @Test
    void nameTheSettingsThatTheControlPlaneReads() {
        JSONSchemaProps spec = Objects.requireNonNull(Definitions.all()
                .getLast()
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("spec"));
        List<String> named = new ArrayList<>();
        leaves("", Objects.requireNonNull(spec.getProperties().get("settings")), named);

        List<String> known = new ArrayList<>(ModuleSettings.SERVED);
        known.addAll(ModuleSettings.REFUSED);
        assertThat(named).containsExactlyInAnyOrderElementsOf(known);
    }

    private static void leaves(String path, JSONSchemaProps schema, List<String> found) {
        if (schema.getProperties() == null || schema.getProperties().isEmpty()) {
            found.add(path);
            return;
        }
        schema.getProperties()
                .forEach((name, field) -> leaves(path.isEmpty() ? name : path + "." + name, field, found));
    }

    private static void open(String path, JSONSchemaProps schema, List<String> found) {
        if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            found.add(path);
        }
        schema.getProperties().forEach((name, field) -> open(path + "." + name, field, found));
        if (schema.getItems() != null) {
            open(path + "[]", schema.getItems().getSchema(), found);
        }
        if (schema.getAdditionalProperties() != null) {
            open(path + ".*", schema.getAdditionalProperties().getSchema(), found);
        }
    }
}
