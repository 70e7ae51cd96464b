package io.tanja.model.policy;

import io.tanja.model.api.AuthorizationPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The AuthorizationPolicies that hold for one workload: those of its namespace and of the root namespace whose selector,
 * if any, fits its labels. Follows {@code pilot/pkg/model/policyattachment.go} of Istio. Unlike a PeerAuthentication's, a
 * selector in the root namespace does select workloads of every namespace.
 *
 * @param policies the policies, by name
 * @param ignored policies of these namespaces that no sidecar has, with the reason
 */
public record AttachedPolicies(List<io.tanja.model.authz.AuthorizationPolicy> policies, List<Ignored> ignored) {
    /** Copies the lists. */
    public AttachedPolicies {
        policies = List.copyOf(policies);
        ignored = List.copyOf(ignored);
    }

    /**
     * Selects the policies of a workload.
     *
     * @param rootNamespace the namespace whose policies hold for the mesh
     * @param namespace the workload's namespace
     * @param labels the workload's labels
     * @param policies policies of any namespace
     */
    public static AttachedPolicies of(
            String rootNamespace, String namespace, Map<String, String> labels, List<AuthorizationPolicy> policies) {
        List<io.tanja.model.authz.AuthorizationPolicy> attached = new ArrayList<>();
        List<Ignored> ignored = new ArrayList<>();
        for (AuthorizationPolicy policy : policies) {
            String home = policy.meta().namespace();
            if (!home.equals(namespace) && !home.equals(rootNamespace)) {
                continue;
            }
            if (!policy.targets().isEmpty()) {
                ignored.add(new Ignored(policy.id(), "it has targetRefs, which sidecars do not serve"));
            } else if (Selector.selects(policy.selector(), labels)) {
                attached.add(policy.resolved());
            }
        }
        attached.sort(Comparator.comparing(io.tanja.model.authz.AuthorizationPolicy::name));
        return new AttachedPolicies(attached, ignored);
    }
}
