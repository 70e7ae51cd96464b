package io.tanja.control;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tanja.control.watch.ApiServer;
import io.tanja.model.identity.Quote;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The API server and how to speak to it.
 *
 * @param client for single objects
 * @param api for watching
 */
record Cluster(KubernetesClient client, ApiServer api) {
    private static final int REQUEST_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 5_000;

    /**
     * Finds the API server; it is not called yet.
     *
     * @return null if {@code checks} has got a reason
     */
    static @Nullable Cluster open(@Nullable Path kubeconfig, StartChecks checks) {
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            checks.problem(
                    "--kubeconfig",
                    Quote.printable(kubeconfig.toString()) + " is not a readable file",
                    "name a kubeconfig, or leave the flag out in a pod");
            return null;
        }
        try {
            Config found = kubeconfig == null ? Config.autoConfigure(null) : Config.fromKubeconfig(kubeconfig.toFile());
            // Whoever asks tries again by itself, and must hear of each failure.
            Config config = new ConfigBuilder(found)
                    .withRequestRetryBackoffLimit(0)
                    .withRequestTimeout(REQUEST_MILLIS)
                    .withConnectionTimeout(CONNECT_MILLIS)
                    .build();
            KubernetesClient client =
                    new KubernetesClientBuilder().withConfig(config).build();
            return of(client);
        } catch (RuntimeException e) {
            checks.problem(
                    "--kubeconfig",
                    "the API server is not found: " + Quote.printable(String.valueOf(e.getMessage())),
                    "run in a pod with a service account, or name a kubeconfig");
            return null;
        }
    }

    static Cluster of(KubernetesClient client) {
        return new Cluster(
                client,
                new ApiServer(
                        client.getHttpClient(),
                        URI.create(client.getConfiguration().getMasterUrl())));
    }
}
