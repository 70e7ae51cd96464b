package io.tanja.diagnose.cluster;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the pods behind a name, written as for kubectl: {@code web-1}, {@code pod/web-1}, {@code deploy/web}. */
public final class Workloads {
    private final KubernetesClient client;
    private final String namespace;

    /** @param namespace the namespace of names that do not say theirs */
    public Workloads(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * The running pods of a workload or service, or one pod.
     *
     * @param target {@code NAME}, {@code KIND/NAME} or {@code NAMESPACE/KIND/NAME}
     * @throws DiagnoseException if there is no such object, or no pod of it runs
     */
    public List<Pod> pods(String target) throws DiagnoseException {
        String[] parts = target.split("/", -1);
        String where = parts.length == 3 ? parts[0] : namespace;
        String kind = parts.length == 1 ? "pod" : parts[parts.length - 2];
        String name = parts[parts.length - 1];
        if (parts.length > 3 || where.isEmpty() || name.isEmpty()) {
            throw new DiagnoseException(
                    "\"" + target + "\"", "is not a workload", "write POD, KIND/NAME or NAMESPACE/KIND/NAME");
        }
        String resource = resource(kind);
        if (resource == null) {
            throw new DiagnoseException(
                    "\"" + target + "\"",
                    "is of no kind that has pods",
                    "write pod/, deploy/, sts/, ds/, rs/ or svc/ before the name");
        }
        List<Pod> found =
                ClusterCall.<@Nullable List<Pod>>of(kind + " " + where + "/" + name, () -> find(where, resource, name));
        if (found == null) {
            throw new DiagnoseException(
                    target + " in namespace " + where, "is not there", "name another, or another --namespace");
        }
        List<Pod> running = found.stream().filter(Workloads::runs).toList();
        if (running.isEmpty()) {
            throw new DiagnoseException(
                    target + " in namespace " + where,
                    found.isEmpty() ? "has no pod" : "has no pod that runs and has an address",
                    "wait for it: kubectl -n " + where + " get pods");
        }
        return running;
    }

    /** The resource of a kind as kubectl knows its names; null if it has no pods. */
    private static @Nullable String resource(String kind) {
        return switch (kind) {
            case "pod", "pods", "po" -> "pods";
            case "deploy", "deployment", "deployments" -> "deployments";
            case "sts", "statefulset", "statefulsets" -> "statefulsets";
            case "ds", "daemonset", "daemonsets" -> "daemonsets";
            case "rs", "replicaset", "replicasets" -> "replicasets";
            case "svc", "service", "services" -> "services";
            default -> null;
        };
    }

    /** Null if there is no such object. */
    private @Nullable List<Pod> find(String where, String resource, String name) {
        return switch (resource) {
            case "pods" -> {
                Pod pod = client.pods().inNamespace(where).withName(name).get();
                yield pod == null ? null : List.of(pod);
            }
            case "deployments" -> {
                var object = client.apps()
                        .deployments()
                        .inNamespace(where)
                        .withName(name)
                        .get();
                yield object == null ? null : selected(where, object.getSpec().getSelector());
            }
            case "statefulsets" -> {
                var object = client.apps()
                        .statefulSets()
                        .inNamespace(where)
                        .withName(name)
                        .get();
                yield object == null ? null : selected(where, object.getSpec().getSelector());
            }
            case "daemonsets" -> {
                var object = client.apps()
                        .daemonSets()
                        .inNamespace(where)
                        .withName(name)
                        .get();
                yield object == null ? null : selected(where, object.getSpec().getSelector());
            }
            case "replicasets" -> {
                var object = client.apps()
                        .replicaSets()
                        .inNamespace(where)
                        .withName(name)
                        .get();
                yield object == null ? null : selected(where, object.getSpec().getSelector());
            }
            case "services" -> {
                var object = client.services().inNamespace(where).withName(name).get();
                yield object == null ? null : behind(where, object.getSpec().getSelector());
            }
            default -> throw new IllegalStateException(resource);
        };
    }

    /** An empty selector selects nothing: the service's endpoints are kept by hand. */
    private List<Pod> behind(String where, @Nullable Map<String, String> labels) {
        return labels == null || labels.isEmpty()
                ? List.of()
                : client.pods().inNamespace(where).withLabels(labels).list().getItems();
    }

    private List<Pod> selected(String where, LabelSelector selector) {
        return client.pods()
                .inNamespace(where)
                .withLabelSelector(selector)
                .list()
                .getItems();
    }

    private static boolean runs(Pod pod) {
        return pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase())
                && pod.getStatus().getPodIP() != null
                && pod.getMetadata().getDeletionTimestamp() == null;
    }
}
