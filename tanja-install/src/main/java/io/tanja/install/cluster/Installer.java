package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.crd.Definitions;
import io.tanja.install.object.InstallOptions;
import io.tanja.install.object.Installation;
import io.tanja.install.object.Names;
import java.util.List;
import java.util.function.Consumer;

/** Puts the mesh on a cluster by server-side apply; doing it again changes nothing. */
public final class Installer {
    private final KubernetesClient client;
    private final boolean force;
    private final Consumer<String> progress;

    /**
     * @param force whether fields that others have set are taken over
     * @param progress hears what is done
     */
    public Installer(KubernetesClient client, boolean force, Consumer<String> progress) {
        this.client = client;
        this.force = force;
        this.progress = progress;
    }

    /** Applies everything: the definitions first, since what they define may come at any time after. */
    public void install(InstallOptions options) throws InstallException {
        List<HasMetadata> objects = Installation.objects(options);
        checkOwner(objects.getLast());
        for (CustomResourceDefinition definition : Definitions.all()) {
            define(definition);
        }
        boolean alone = !(ownerOfModules() instanceof Ownership.Foreign);
        for (HasMetadata object : objects) {
            if (object instanceof Namespace namespace) {
                settle(namespace);
            } else {
                apply(alone && object instanceof Deployment deployment ? besideDeckhouse(deployment) : object);
            }
        }
    }

    /** Another way of installation must not be fought with, object by object. */
    private void checkOwner(HasMetadata deployment) throws InstallException {
        String name = ObjectName.of(deployment);
        HasMetadata present = ApiCall.of(name, () -> client.resource(deployment).get());
        if (!force && Ownership.of(present) instanceof Ownership.Foreign(String by)) {
            throw new InstallException(
                    name, "is managed by " + by, "upgrade it by the way it came, or take it over with --force");
        }
    }

    private Ownership ownerOfModules() throws InstallException {
        String name = "CustomResourceDefinition " + Names.MODULES;
        return Ownership.of(ApiCall.of(
                name,
                () -> client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(Names.MODULES)
                        .get()));
    }

    /** Where the ModuleConfig is ours there is no Deckhouse, whatever a namespace that anybody may make is called. */
    private static Deployment besideDeckhouse(Deployment deployment) {
        return deployment
                .edit()
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .addToArgs("--beside-deckhouse")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** A namespace that was there before us stays its owner's, at installation and at removal. */
    private void settle(Namespace namespace) throws InstallException {
        String name = ObjectName.of(namespace);
        if (Ownership.of(ApiCall.of(name, () -> client.resource(namespace).get()))
                instanceof Ownership.Foreign(String by)) {
            progress.accept(name + " is there already and managed by " + by + ": left as it is");
        } else {
            apply(namespace);
        }
    }

    private void define(CustomResourceDefinition definition) throws InstallException {
        String name = ObjectName.of(definition);
        HasMetadata present = ApiCall.of(name, () -> client.resource(definition).get());
        switch (Ownership.of(present)) {
            case Ownership.Absent _, Ownership.Ours _ -> apply(definition);
            case Ownership.Foreign(String by) ->
                progress.accept(name + " is there already and managed by " + by + ": left as it is");
        }
    }

    private void apply(HasMetadata object) throws InstallException {
        String name = ObjectName.of(object);
        ApiCall.of(name, () -> {
            var resource = client.resource(object).fieldManager(Names.MANAGER);
            return force ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
        });
        progress.accept(name + " applied");
    }
}
