package io.tanja.model.mesh;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a sidecar needs to know about itself. Immutable; a new one replaces the old one whole.
 *
 * @param workload the workload that the sidecar stands beside
 * @param modes the effective modes of its ports
 * @param modeSource for people: which PeerAuthentication decided, by port ({@code 0} stands for all other ports)
 * @param ports the workload ports that services declare, by port
 * @param policies the AuthorizationPolicies that apply to the workload, in no order
 * @param trustDomains accepted trust domains, the mesh's own first, then aliases
 * @param outbound what happens to unknown destinations
 */
public record ProxyConfig(
        Workload workload,
        InboundModes modes,
        Map<Integer, String> modeSource,
        Map<Integer, InboundPort> ports,
        List<AuthorizationPolicy> policies,
        List<TrustDomain> trustDomains,
        OutboundPolicy outbound) {
    /** Copies the collections. */
    public ProxyConfig {
        modeSource = Map.copyOf(modeSource);
        ports = Map.copyOf(ports);
        policies = List.copyOf(policies);
        trustDomains = List.copyOf(trustDomains);
        if (trustDomains.isEmpty()) {
            throw new IllegalArgumentException("trustDomains must have at least the mesh's own");
        }
    }

    /** What a service declares for a workload port, or null if none does. */
    public @Nullable InboundPort port(int port) {
        return ports.get(port);
    }

    /** The protocol of a workload port; {@link AppProtocol#AUTO} if no service declares it. */
    public AppProtocol protocol(int port) {
        InboundPort declared = ports.get(port);
        return declared == null ? AppProtocol.AUTO : declared.protocol();
    }

    /** Which object decided the mode of a port, for logs. */
    public String modeSource(int port) {
        String exact = modeSource.get(port);
        return exact != null ? exact : modeSource.getOrDefault(0, "default");
    }
}
