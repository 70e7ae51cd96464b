package io.tanja.model.api;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.Rule;
import java.util.List;
import java.util.Map;

/**
 * Who may call a workload, and what for ({@code security.istio.io/v1}), as it was written. {@link #resolved()} is what
 * the engine takes.
 *
 * @param selector labels of the workloads; empty for the whole namespace, or the mesh in the root namespace
 * @param targets {@code kind/name} of the gateways and services it is attached to; not empty means that no sidecar has it
 * @param action what a match means
 * @param provider name of the external authorizer; empty unless the action is CUSTOM
 * @param rules alternatives; an empty list never matches
 * @param dryRun whether the annotation {@code istio.io/dry-run} makes it report only
 */
public record AuthorizationPolicy(
        ObjectMeta meta,
        Origin origin,
        Map<String, String> selector,
        List<String> targets,
        Action action,
        String provider,
        List<Rule> rules,
        boolean dryRun)
        implements ApiObject {
    /** Copies the collections. */
    public AuthorizationPolicy {
        selector = Map.copyOf(selector);
        targets = List.copyOf(targets);
        rules = List.copyOf(rules);
    }

    /** The policy without what decides where it applies. */
    public io.tanja.model.authz.AuthorizationPolicy resolved() {
        return new io.tanja.model.authz.AuthorizationPolicy(name(), action, rules, dryRun);
    }
}
