package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.list;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.oneOf;
import static io.tanja.install.crd.Schema.open;
import static io.tanja.install.crd.Schema.required;
import static io.tanja.install.crd.Schema.text;
import static io.tanja.install.crd.Schema.whole;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.tanja.install.object.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of the mesh.
 *
 * @param group its API group
 * @param kind its name
 * @param singular its name in lower case
 * @param plural its name in paths
 * @param shortNames what people may type
 * @param namespaced whether its objects are in namespaces
 * @param versions versions that are served; the first is stored
 * @param columns what {@code kubectl get} shows: name, type, path, alternating
 * @param root the schema of the whole object, without its status
 */
record Definition(
        String group,
        String kind,
        String singular,
        String plural,
        List<String> shortNames,
        boolean namespaced,
        List<String> versions,
        List<Column> columns,
        JSONSchemaProps root) {
    /** A column of {@code kubectl get}. */
    record Column(String name, String type, String path) {}

    CustomResourceDefinition resource() {
        return new CustomResourceDefinitionBuilder()
                .withNewMetadata()
                .withName(plural + "." + group)
                .withLabels(Names.labels())
                .endMetadata()
                .withNewSpec()
                .withGroup(group)
                .withScope(namespaced ? "Namespaced" : "Cluster")
                .withNewNames()
                .withKind(kind)
                .withListKind(kind + "List")
                .withPlural(plural)
                .withSingular(singular)
                .withShortNames(shortNames)
                .withCategories(namespaced ? List.of("istio-io", "security-istio-io") : List.of())
                .endNames()
                .withVersions(versions.stream().map(this::version).toList())
                .endSpec()
                .build();
    }

    private CustomResourceDefinitionVersion version(String name) {
        root.getProperties().put("status", status());
        return new CustomResourceDefinitionVersionBuilder()
                .withName(name)
                .withServed(true)
                .withStorage(name.equals(versions.getFirst()))
                .withNewSubresources()
                .withNewStatus()
                .endStatus()
                .endSubresources()
                .withAdditionalPrinterColumns(printed())
                .withNewSchema()
                .withOpenAPIV3Schema(root)
                .endSchema()
                .build();
    }

    private List<CustomResourceColumnDefinition> printed() {
        List<Column> all = new ArrayList<>(columns);
        all.add(new Column("Age", "date", ".metadata.creationTimestamp"));
        return all.stream()
                .map(column -> new CustomResourceColumnDefinitionBuilder()
                        .withName(column.name())
                        .withType(column.type())
                        .withJsonPath(column.path())
                        .build())
                .toList();
    }

    /** Written by the control plane only; what it adds later is kept. */
    private static JSONSchemaProps status() {
        JSONSchemaProps time = text("When it changed.");
        time.setFormat("date-time");
        JSONSchemaProps condition = required(
                object(
                        "One aspect.",
                        field("type", text("Which aspect.")),
                        field("status", oneOf("Whether it holds.", "True", "False", "Unknown")),
                        field("reason", text("Why, in one word.")),
                        field("message", text("Why, for people.")),
                        field("lastTransitionTime", time),
                        field("observedGeneration", whole("Of which generation it speaks."))),
                "type",
                "status");
        JSONSchemaProps conditions = list("What holds.", condition);
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        return open(object(
                "What the mesh makes of it.",
                field("conditions", conditions),
                field("observedGeneration", whole("The generation that was looked at."))));
    }
}
