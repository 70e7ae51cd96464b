package io.tanja.install.object;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;

/**
 * One thing that the control plane may do, and why.
 *
 * @param group the API group, empty for the core
 * @param resources plural names, with a subresource after a slash
 * @param names the only objects that it holds for; empty if it holds for all
 * @param verbs what may be done
 * @param reason why it must be possible
 */
public record Permission(String group, List<String> resources, List<String> names, List<String> verbs, String reason) {
    /** Copies the lists. */
    public Permission {
        resources = List.copyOf(resources);
        names = List.copyOf(names);
        verbs = List.copyOf(verbs);
    }

    PolicyRule rule() {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withResourceNames(names)
                .withVerbs(verbs)
                .build();
    }
}
