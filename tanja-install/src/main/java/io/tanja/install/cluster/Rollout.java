package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.object.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until all replicas of the control plane are ready and of the present version. */
public final class Rollout {
    private static final long LOOK_MILLIS = 500;

    private final KubernetesClient client;
    private final LongSupplier nanoTime;
    private final Consumer<String> progress;

    /**
     * @param nanoTime a monotonic clock in nanoseconds
     * @param progress hears how far it is
     */
    public Rollout(KubernetesClient client, LongSupplier nanoTime, Consumer<String> progress) {
        this.client = client;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    /**
     * Waits.
     *
     * @throws InstallException with what the pods say, if they are not ready in time
     */
    public void await(String namespace, Duration patience) throws InstallException, InterruptedException {
        long begin = nanoTime.getAsLong();
        String told = "";
        while (true) {
            Deployment deployment = ApiCall.of(
                    "Deployment " + namespace + "/" + Names.CONTROL,
                    () -> client.apps()
                            .deployments()
                            .inNamespace(namespace)
                            .withName(Names.CONTROL)
                            .get());
            String state = state(deployment);
            if (state.isEmpty()) {
                progress.accept("control plane ready");
                return;
            }
            if (!state.equals(told)) {
                progress.accept("waiting for the control plane: " + state);
                told = state;
            }
            if (nanoTime.getAsLong() - begin > patience.toNanos()) {
                throw new InstallException(
                        "Deployment " + namespace + "/" + Names.CONTROL,
                        state + " after " + patience.toSeconds() + " s; " + complaints(namespace),
                        "kubectl -n " + namespace + " describe pods tells more");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** What is missing; empty if nothing is. */
    static String state(@Nullable Deployment deployment) {
        if (deployment == null) {
            return "it is gone";
        }
        int wanted = number(deployment.getSpec().getReplicas());
        DeploymentStatus status = deployment.getStatus();
        if (status == null
                || status.getObservedGeneration() == null
                || status.getObservedGeneration() < deployment.getMetadata().getGeneration()) {
            return "not looked at yet";
        }
        int fresh = number(status.getUpdatedReplicas());
        int ready = number(status.getReadyReplicas());
        if (fresh == wanted && ready == wanted && number(status.getReplicas()) == wanted) {
            return "";
        }
        return ready + " of " + wanted + " ready" + (fresh < wanted ? ", " + fresh + " up to date" : "");
    }

    private String complaints(String namespace) throws InstallException {
        List<String> said = new ArrayList<>();
        for (Pod pod : ApiCall.of(
                "pods of " + namespace,
                () -> client.pods()
                        .inNamespace(namespace)
                        .withLabel("app", Names.CONTROL)
                        .list()
                        .getItems())) {
            for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
                said.add(pod.getMetadata().getName() + " " + why(container));
            }
            pod.getStatus().getConditions().stream()
                    .filter(condition -> condition.getType().equals("PodScheduled")
                            && condition.getStatus().equals("False"))
                    .forEach(condition -> said.add(pod.getMetadata().getName() + " " + condition.getMessage()));
        }
        return said.isEmpty() ? "there are no pods" : String.join(", ", said);
    }

    private static String why(ContainerStatus container) {
        var state = container.getState();
        if (state != null && state.getWaiting() != null) {
            return state.getWaiting().getReason() + " "
                    + Objects.requireNonNullElse(state.getWaiting().getMessage(), "");
        }
        if (state != null && state.getTerminated() != null) {
            return "ended with " + state.getTerminated().getExitCode();
        }
        return Boolean.TRUE.equals(container.getReady()) ? "ready" : "running, not ready";
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
