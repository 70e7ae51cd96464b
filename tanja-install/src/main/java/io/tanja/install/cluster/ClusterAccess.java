package io.tanja.install.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.install.InstallException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens the cluster that a user means. */
public final class ClusterAccess {
    private static final int REQUEST_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 5_000;

    private ClusterAccess() {}

    /**
     * Opens it; as kubectl does without the two: {@code $KUBECONFIG}, then {@code ~/.kube/config}.
     *
     * @throws InstallException if the file or the context is not there
     */
    public static KubernetesClient open(@Nullable Path kubeconfig, @Nullable String context) throws InstallException {
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            throw new InstallException("--kubeconfig " + kubeconfig, "is not a readable file", "name another");
        }
        try {
            Config found = kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, kubeconfig.toFile());
            if (context != null
                    && (found.getCurrentContext() == null
                            || !context.equals(found.getCurrentContext().getName()))) {
                throw new InstallException(
                        "--context " + context, "is not in the kubeconfig", "kubectl config get-contexts lists them");
            }
            return new KubernetesClientBuilder()
                    .withConfig(new ConfigBuilder(found)
                            .withRequestTimeout(REQUEST_MILLIS)
                            .withConnectionTimeout(CONNECT_MILLIS)
                            .withRequestRetryBackoffLimit(1)
                            .build())
                    .build();
        } catch (KubernetesClientException e) {
            throw new InstallException("kubeconfig", String.valueOf(e.getMessage()), "correct it, or name another");
        }
    }
}
