package io.tanja.install.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.cluster.ClusterAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster is meant. */
public final class ClusterOptions {
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "the kubeconfig, as for kubectl")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "a context of it")
    private @Nullable String context;

    /** Whether the command line names a cluster. */
    public boolean given() {
        return kubeconfig != null || context != null;
    }

    /**
     * Opens it.
     *
     * @throws InstallException if there is no such file or context
     */
    public KubernetesClient open() throws InstallException {
        return ClusterAccess.open(kubeconfig, context);
    }
}
