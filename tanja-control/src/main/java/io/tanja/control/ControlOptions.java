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
 * @param source where objects, CA and identities come from
 * @param listen where it serves
 * @param servingNames further host names and addresses under which proxies call it
 * @param mesh trust domain, root namespace, cluster
 * @param statusFile where it tells its status, null for nowhere
 * @param leafTtl life of the certificates that it issues
 */
public record ControlOptions(
        SourceOptions source,
        InetSocketAddress listen,
        List<String> servingNames,
        MeshOptions mesh,
        @Nullable Path statusFile,
        Duration leafTtl) {
    /** What a Kubernetes API server calls itself in tokens unless told otherwise. */
    public static final String DEFAULT_TOKEN_ISSUER = "https://kubernetes.default.svc.cluster.local";

    /** Copies the list. */
    public ControlOptions {
        servingNames = List.copyOf(servingNames);
    }
}
