package io.tanja.model.authz;

import io.tanja.model.identity.TrustDomain;
import java.util.List;

/** Judges connections and requests by the policies of one workload. Immutable and safe for use by many threads. */
public final class AuthorizationEngine {
    private final List<AuthorizationPolicy> policies;

    private AuthorizationEngine(List<AuthorizationPolicy> policies) {
        this.policies = policies;
    }

    /**
     * Makes an engine.
     *
     * @param policies the policies that apply to the workload
     * @param trustDomains the mesh's trust domain first, then its aliases
     */
    public static AuthorizationEngine compile(List<AuthorizationPolicy> policies, List<TrustDomain> trustDomains) {
        return new AuthorizationEngine(policies);
    }

    /** Whether there is any policy to ask. */
    public boolean isEmpty() {
        return policies.isEmpty();
    }

    /** Judges a connection whose bytes are opaque. */
    public Decision connection(ConnectionAttributes connection) {
        return Decision.NO_POLICY;
    }

    /** Judges one HTTP request. */
    public Decision request(ConnectionAttributes connection, RequestAttributes request) {
        return Decision.NO_POLICY;
    }
}
