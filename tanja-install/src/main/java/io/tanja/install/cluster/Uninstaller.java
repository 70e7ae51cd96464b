package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.object.InstallOptions;
import io.tanja.install.object.Installation;
import io.tanja.install.object.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes the mesh off a cluster: what was installed and what the control plane has made since. What is not ours by its label
 * stays, and so does what users have made unless they say otherwise.
 */
public final class Uninstaller {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Who writes the roots, as the API server records it. */
    private static final String ROOTS_WRITER = "tanja-control";

    private final KubernetesClient client;
    private final Consumer<String> progress;
    private final List<String> kept = new ArrayList<>();

    /** @param progress hears what is done */
    public Uninstaller(KubernetesClient client, Consumer<String> progress) {
        this.client = client;
        this.progress = progress;
    }

    /**
     * Removes everything.
     *
     * @param namespace the system namespace
     * @param withObjects whether policies and other objects of the mesh's kinds go too
     * @return what was left, and why
     */
    public List<String> uninstall(String namespace, boolean withObjects) throws InstallException {
        InstallOptions there =
                new InstallOptions(InstallOptions.DEFAULT.image(), 1, namespace, InstallOptions.DEFAULT.trustDomain());
        checkNamespace(namespace);
        checkOwner(there);
        // First: without the control plane it would refuse every new pod of a meshed namespace.
        webhook();
        for (HasMetadata object : Installation.objects(there).reversed()) {
            if (object instanceof Deployment) {
                remove(object);
                // The last leader may have put it back.
                webhook();
            } else if (!object.getKind().equals("Namespace")) {
                remove(object);
            }
        }
        roots();
        made(namespace);
        kept.addAll(new KindRemoval(client, progress).remove(withObjects));
        new NamespaceRemoval(client, progress, kept).remove(namespace);
        sidecars();
        return List.copyOf(kept);
    }

    /** What belongs to the whole cluster is taken away with the namespace that it works for, and with no other. */
    private void checkNamespace(String namespace) throws InstallException {
        ClusterRoleBinding binding = ApiCall.of(
                "ClusterRoleBinding " + Names.CONTROL,
                () -> client.rbac()
                        .clusterRoleBindings()
                        .withName(Names.CONTROL)
                        .get());
        if (binding == null) {
            return;
        }
        for (Subject subject : binding.getSubjects()) {
            if (!namespace.equals(subject.getNamespace())) {
                throw new InstallException(
                        "Namespace " + namespace,
                        "is not where the mesh is: that is " + subject.getNamespace(),
                        "run tanja uninstall --root-namespace " + subject.getNamespace());
            }
        }
    }

    private void checkOwner(InstallOptions there) throws InstallException {
        for (HasMetadata object : Installation.objects(there)) {
            if (object instanceof Deployment) {
                String name = ObjectName.of(object);
                if (Ownership.of(ApiCall.of(name, client.resource(object)::get))
                        instanceof Ownership.Foreign(String by)) {
                    throw new InstallException(
                            name,
                            "is managed by " + by,
                            by.equals("Helm")
                                    ? "run helm uninstall, then tanja uninstall for what the control plane has made"
                                    : "remove it by the way it came, then run tanja uninstall again");
                }
            }
        }
    }

    private void webhook() throws InstallException {
        var configuration = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(Names.INJECTOR);
        if (!ApiCall.of("MutatingWebhookConfiguration " + Names.INJECTOR, configuration::delete)
                .isEmpty()) {
            progress.accept("MutatingWebhookConfiguration " + Names.INJECTOR + " removed");
        }
        var validator = client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(Names.VALIDATOR);
        if (!ApiCall.of("ValidatingWebhookConfiguration " + Names.VALIDATOR, validator::delete)
                .isEmpty()) {
            progress.accept("ValidatingWebhookConfiguration " + Names.VALIDATOR + " removed");
        }
    }

    private void remove(HasMetadata object) throws InstallException {
        String name = ObjectName.of(object);
        var resource = client.resource(object);
        switch (Ownership.of(ApiCall.of(name, resource::get))) {
            case Ownership.Absent _ -> {}
            case Ownership.Foreign(String by) -> kept.add(name + ": managed by " + by);
            case Ownership.Ours _ -> {
                ApiCall.of(
                        name,
                        () -> resource.withTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .delete());
                if (object instanceof Deployment) {
                    gone(object.getMetadata().getNamespace());
                }
                progress.accept(name + " removed");
            }
        }
    }

    /** Waits until the control plane's pods have ended: until then they may write. */
    private void gone(String namespace) throws InstallException {
        var pods = client.pods().inNamespace(namespace).withLabel("app", Names.CONTROL);
        progress.accept("waiting for the control plane to end");
        ApiCall.of(
                "pods of " + namespace,
                () -> pods.informOnCondition(List::isEmpty)
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .exceptionally(e -> List.of())
                        .join());
        if (!ApiCall.of("pods of " + namespace, () -> pods.list().getItems()).isEmpty()) {
            throw new InstallException(
                    "pods of Deployment " + namespace + "/" + Names.CONTROL,
                    "have not ended within " + PATIENCE.toSeconds() + " s",
                    "delete them, then run tanja uninstall again");
        }
    }

    private void roots() throws InstallException {
        int removed = 0;
        for (ConfigMap map : ApiCall.of(
                "ConfigMaps " + Names.ROOTS,
                () -> client.configMaps()
                        .inAnyNamespace()
                        .withField("metadata.name", Names.ROOTS)
                        .list()
                        .getItems())) {
            // Istio's have the same name.
            boolean ours = map.getMetadata().getManagedFields().stream()
                    .anyMatch(entry -> ROOTS_WRITER.equals(entry.getManager()));
            if (ours) {
                ApiCall.of(ObjectName.of(map), () -> client.resource(map).delete());
                removed++;
            } else {
                kept.add(ObjectName.of(map) + ": not written by the mesh");
            }
        }
        if (removed > 0) {
            progress.accept("ConfigMap " + Names.ROOTS + " removed from " + removed + " namespaces");
        }
    }

    /** What the control plane keeps in its namespace, which may itself stay. */
    private void made(String namespace) throws InstallException {
        var secret = client.secrets().inNamespace(namespace).withName(Names.OWN_CA);
        if (!ApiCall.of("Secret " + namespace + "/" + Names.OWN_CA, secret::delete)
                .isEmpty()) {
            progress.accept("Secret " + namespace + "/" + Names.OWN_CA + " removed");
        }
        var lease = client.leases().inNamespace(namespace).withName(Names.LEASE);
        if (!ApiCall.of("Lease " + namespace + "/" + Names.LEASE, lease::delete).isEmpty()) {
            progress.accept("Lease " + namespace + "/" + Names.LEASE + " removed");
        }
        var reach = client.configMaps().inNamespace(namespace).withName(Names.REACH);
        if (!ApiCall.of("ConfigMap " + namespace + "/" + Names.REACH, reach::delete)
                .isEmpty()) {
            progress.accept("ConfigMap " + namespace + "/" + Names.REACH + " removed");
        }
    }

    private void sidecars() throws InstallException {
        int left = ApiCall.of(
                        "pods",
                        () -> client.pods()
                                .inAnyNamespace()
                                .withLabel("security.istio.io/tlsMode", "istio")
                                .list()
                                .getItems())
                .size();
        if (left > 0) {
            kept.add(left + " pods still have a sidecar, whose certificate will not be renewed: restart their"
                    + " workloads");
        }
    }
}
