package io.tanja.proxy.upstream;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.PlaintextReason;
import java.util.List;
import java.util.Set;

/** How a connection to an upstream is to be protected. */
public sealed interface UpstreamSecurity {
    /**
     * Mutual TLS of the mesh.
     *
     * @param expected the identities that the peer may have, exactly
     * @param sni the server name to send, such as {@code outbound_.80_._.web.test.svc.cluster.local}
     * @param alpn the protocols to offer, in order
     */
    record MeshTls(Set<SpiffeId> expected, String sni, List<String> alpn) implements UpstreamSecurity {
        public MeshTls {
            expected = Set.copyOf(expected);
            alpn = List.copyOf(alpn);
        }
    }

    /**
     * Plaintext.
     *
     * @param why the reason
     */
    record Plain(PlaintextReason why) implements UpstreamSecurity {}
}
