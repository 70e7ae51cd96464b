package io.tanja.model.authz;

import io.tanja.model.identity.NamespacedName;
import java.util.List;

/**
 * An AuthorizationPolicy that applies to one workload, its selector already resolved.
 *
 * @param name namespace and name of the object
 * @param action what a match means
 * @param rules alternatives; an empty list never matches
 * @param dryRun only the would-be verdict is reported
 */
public record AuthorizationPolicy(NamespacedName name, Action action, List<Rule> rules, boolean dryRun) {
    /** Copies the list. */
    public AuthorizationPolicy {
        rules = List.copyOf(rules);
    }

    /** What a matching policy does. */
    public enum Action {
        ALLOW,
        DENY,
        AUDIT,
        CUSTOM
    }
}
