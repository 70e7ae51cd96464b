package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.object.Names;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Removes the system namespace, if it is ours and nothing of a user's is in it. */
final class NamespaceRemoval {
    private static final long PATIENCE_SECONDS = 90;

    private final KubernetesClient client;
    private final Consumer<String> progress;
    private final List<String> kept;

    /** @param kept gets what stays, and why */
    NamespaceRemoval(KubernetesClient client, Consumer<String> progress, List<String> kept) {
        this.client = client;
        this.progress = progress;
        this.kept = kept;
    }

    void remove(String namespace) throws InstallException {
        String name = "Namespace " + namespace;
        var resource = client.namespaces().withName(namespace);
        Namespace present = ApiCall.of(name, resource::get);
        if (present != null && present.getMetadata().getDeletionTimestamp() != null) {
            progress.accept(name + " is ending");
            return;
        }
        switch (Ownership.of(present)) {
            case Ownership.Absent _ -> {}
            case Ownership.Foreign(String by) -> kept.add(name + ": managed by " + by);
            case Ownership.Ours _ -> {
                String user = users(namespace);
                if (!user.isEmpty()) {
                    kept.add(name + ": holds " + user);
                    return;
                }
                ApiCall.of(
                        name,
                        () -> resource.withTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .delete());
                progress.accept(name + " removed");
            }
        }
    }

    /** What in it is a user's; empty if nothing is. */
    private String users(String namespace) throws InstallException {
        if (ApiCall.of(
                        "Secret " + namespace + "/" + Names.PLUGGED_IN_CA,
                        () -> client.secrets()
                                .inNamespace(namespace)
                                .withName(Names.PLUGGED_IN_CA)
                                .get())
                != null) {
            return "the Secret " + Names.PLUGGED_IN_CA + ", your CA's key";
        }
        int objects = new KindRemoval(client, progress).objectsIn(namespace);
        if (objects > 0) {
            return objects + " of your policies";
        }
        int pods = ApiCall.of(
                        "pods of " + namespace,
                        () -> client.pods().inNamespace(namespace).list().getItems())
                .size();
        return pods == 0 ? "" : pods + " pods that are not the mesh's";
    }
}
