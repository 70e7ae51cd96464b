package io.tanja.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the objects, the CA and the callers' identities come from. */
public sealed interface SourceOptions {
    /**
     * Files, where there is no Kubernetes.
     *
     * @param manifests the folder of manifests
     * @param caDir the CA's folder: a plugged-in CA, or where a self-signed one is kept and made if there is none
     * @param tokenKey file with the public key of the tokens' issuer
     * @param tokenIssuer what tokens must name as their issuer
     */
    record Folder(Path manifests, Path caDir, Path tokenKey, String tokenIssuer) implements SourceOptions {}

    /**
     * A Kubernetes API server; the CA is in Secrets of the root namespace.
     *
     * @param kubeconfig how to reach it; null for the pod's own service account, or what the environment says
     * @param replica this replica's name, unlike that of any other
     * @param probes where the kubelet's probes are answered
     * @param admission the webhooks
     */
    record Kubernetes(@Nullable Path kubeconfig, String replica, InetSocketAddress probes, AdmissionOptions admission)
            implements SourceOptions {}
}
