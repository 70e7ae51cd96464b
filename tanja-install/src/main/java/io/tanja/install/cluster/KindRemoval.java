package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tanja.install.InstallException;
import io.tanja.install.crd.Definitions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Removes the definitions of the mesh's kinds: with a definition go all of its objects, and those are the users'. */
final class KindRemoval {
    private static final long PATIENCE_SECONDS = 60;

    private final KubernetesClient client;
    private final Consumer<String> progress;

    KindRemoval(KubernetesClient client, Consumer<String> progress) {
        this.client = client;
        this.progress = progress;
    }

    /** Returns what was kept, and why. */
    List<String> remove(boolean withObjects) throws InstallException {
        List<String> kept = new ArrayList<>();
        for (CustomResourceDefinition definition : Definitions.all()) {
            String name = ObjectName.of(definition);
            var resource = client.resource(definition);
            switch (Ownership.of(ApiCall.of(name, resource::get))) {
                case Ownership.Absent _ -> {}
                case Ownership.Foreign(String by) -> kept.add(name + ": managed by " + by);
                case Ownership.Ours _ -> {
                    int objects = objects(definition).size();
                    if (objects > 0 && !withObjects) {
                        kept.add(name + ": has " + objects + " objects; --with-objects removes them too");
                    } else {
                        ApiCall.of(
                                name,
                                () -> resource.withTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                        .delete());
                        progress.accept(name + " removed" + (objects > 0 ? " with " + objects + " objects" : ""));
                    }
                }
            }
        }
        return kept;
    }

    /** How many objects of the mesh's kinds a namespace holds: mesh-wide policies are in the system namespace. */
    int objectsIn(String namespace) throws InstallException {
        int objects = 0;
        for (CustomResourceDefinition definition : Definitions.all()) {
            if (ApiCall.of(ObjectName.of(definition), client.resource(definition)::get) != null) {
                objects += (int) objects(definition).stream()
                        .filter(object -> namespace.equals(object.getMetadata().getNamespace()))
                        .count();
            }
        }
        return objects;
    }

    private List<GenericKubernetesResource> objects(CustomResourceDefinition definition) throws InstallException {
        var spec = definition.getSpec();
        ResourceDefinitionContext kind = new ResourceDefinitionContext.Builder()
                .withGroup(spec.getGroup())
                .withVersion(spec.getVersions().getFirst().getName())
                .withKind(spec.getNames().getKind())
                .withPlural(spec.getNames().getPlural())
                .withNamespaced(spec.getScope().equals("Namespaced"))
                .build();
        return ApiCall.of(
                spec.getNames().getPlural(),
                () -> client.genericKubernetesResources(kind)
                        .inAnyNamespace()
                        .list()
                        .getItems());
    }
}
