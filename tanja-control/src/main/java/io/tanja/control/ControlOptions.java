package io.tanja.control;

import io.tanja.control.state.MeshOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a control plane is started with.
 *
 * @param manifests the folder of manifests
 * @param listen where it serves
 * @param servingNames further host names and addresses under which proxies call it
 * @param mesh trust domain, root namespace, cluster
 * @param caDir the CA's folder: a plugged-in CA, or where a self-signed one is kept and made if there is none
 * @param tokenKey file with the public key of the tokens' issuer
 * @param tokenIssuer what tokens must name as their issuer
 * @param statusFile where it tells its status, null for nowhere
 * @param leafTtl life of the certificates that it issues
 */
public record ControlOptions(
        Path manifests,
        InetSocketAddress listen,
        List<String> servingNames,
        MeshOptions mesh,
        Path caDir,
        Path tokenKey,
        String tokenIssuer,
        @Nullable Path statusFile,
        Duration leafTtl) {
    /** What a Kubernetes API server calls itself in tokens unless told otherwise. */
    public static final String DEFAULT_TOKEN_ISSUER = "https://kubernetes.default.svc.cluster.local";

    /** Copies the list. */
    public ControlOptions {
        servingNames = List.copyOf(servingNames);
    }
}
