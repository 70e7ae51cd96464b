package io.tanja.model.authz;

import io.tanja.model.identity.TrustDomain;
import java.util.List;

/**
 * Judges connections and requests by the policies of one workload. Immutable and safe for use by many threads.
 *
 * <p>The order is Istio's: a CUSTOM policy that matches refuses (no external authorizer is served yet), then a DENY policy
 * that matches refuses; then, if there is any ALLOW policy, one of them must match. AUDIT policies and dry runs never
 * decide. An error while judging refuses.
 */
public final class AuthorizationEngine {
    static final String KIND = "AuthorizationPolicy";

    private static final Decision BROKEN = new Decision(false, "denied: the policies could not be evaluated");

    private final boolean empty;
    private final boolean needsRequests;
    private final PolicySet connections;
    private final PolicySet requests;
    private final PolicySet anyRequest;

    private AuthorizationEngine(List<AuthorizationPolicy> deciding, TrustDomainAliases aliases) {
        empty = deciding.isEmpty();
        needsRequests =
                deciding.stream().flatMap(p -> p.rules().stream()).anyMatch(AuthorizationEngine::looksAtRequests);
        requests = PolicySet.compile(deciding, aliases, Scope.REQUESTS);
        connections = needsRequests ? PolicySet.compile(deciding, aliases, Scope.BYTES) : requests;
        anyRequest = needsRequests ? PolicySet.compile(deciding, aliases, Scope.ANY_REQUEST) : requests;
    }

    /**
     * Makes an engine.
     *
     * @param policies the policies that apply to the workload
     * @param trustDomains the mesh's trust domain first, then its aliases
     */
    public static AuthorizationEngine compile(List<AuthorizationPolicy> policies, List<TrustDomain> trustDomains) {
        return new AuthorizationEngine(
                policies.stream().filter(PolicySet::decides).toList(), new TrustDomainAliases(trustDomains));
    }

    /** Whether there is no policy that decides anything. */
    public boolean isEmpty() {
        return empty;
    }

    /** Whether any policy looks at requests, so that connections must be read as HTTP to do it justice. */
    public boolean needsRequests() {
        return needsRequests;
    }

    /**
     * Judges a connection whose bytes are opaque. A rule that looks at requests cannot be evaluated: an ALLOW policy's is
     * left out, a DENY policy's refuses whatever the request would have been.
     */
    public Decision connection(ConnectionAttributes connection) {
        return judge(connections, connection, Matcher.NO_REQUEST);
    }

    /**
     * Judges all requests that an HTTP connection could carry at once: denied if not one of them can be allowed, with the
     * reason that holds for each. What is allowed here may still be denied as a {@linkplain #request request}.
     */
    public Decision anyRequest(ConnectionAttributes connection) {
        return judge(anyRequest, connection, Matcher.NO_REQUEST);
    }

    /** Judges one HTTP request; its path must have been normalised by {@link PathNormalizer}. */
    public Decision request(ConnectionAttributes connection, RequestAttributes request) {
        return judge(requests, connection, request);
    }

    private Decision judge(PolicySet set, ConnectionAttributes connection, RequestAttributes request) {
        if (empty) {
            return Decision.NO_POLICY;
        }
        try {
            return set.judge(connection, request);
        } catch (RuntimeException e) {
            // The attributes are the caller's code over a peer's bytes; whatever goes wrong there must not let it pass.
            return BROKEN;
        }
    }

    private static boolean looksAtRequests(Rule rule) {
        return rule.from().stream().anyMatch(s -> !s.requestPrincipals().isEmpty())
                || rule.to().stream()
                        .anyMatch(o -> !o.hosts().isEmpty()
                                || !o.methods().isEmpty()
                                || !o.paths().isEmpty())
                || rule.when().stream().anyMatch(c -> c.key().startsWith("request."));
    }
}
