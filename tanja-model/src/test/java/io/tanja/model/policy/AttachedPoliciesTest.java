package io.tanja.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttachedPoliciesTest {
    private static AuthorizationPolicy policy(
            String namespace, String name, Map<String, String> selector, String... targets) {
        return new AuthorizationPolicy(
                ObjectMeta.of(namespace, name, Map.of()),
                new Origin("t", 1),
                selector,
                List.of(targets),
                Action.DENY,
                "",
                List.of(),
                false);
    }

    private static AttachedPolicies of(String namespace, AuthorizationPolicy... policies) {
        return AttachedPolicies.of("root", namespace, Map.of("app", "web", "tier", "front"), List.of(policies));
    }

    @Test
    void takesTheNamespacesAndTheRootsIfTheSelectorFits() {
        AttachedPolicies attached = of(
                "test",
                policy("test", "z", Map.of()),
                policy("test", "fits", Map.of("app", "web")),
                policy("test", "other", Map.of("app", "db")),
                policy("test", "more", Map.of("app", "web", "x", "y")),
                policy("elsewhere", "all", Map.of()),
                policy("root", "all", Map.of()),
                policy("root", "fits", Map.of("tier", "front")),
                policy("root", "other", Map.of("tier", "back")));

        assertThat(attached.policies())
                .extracting(p -> p.name().toString())
                .containsExactly("root/all", "root/fits", "test/fits", "test/z");
        assertThat(attached.ignored()).isEmpty();
    }

    @Test
    void leavesOutWhatIsAttachedToGateways() {
        AttachedPolicies attached = of("root", policy("root", "g", Map.of(), "Gateway/g"));

        assertThat(attached.policies()).isEmpty();
        assertThat(attached.ignored())
                .containsExactly(
                        new Ignored("AuthorizationPolicy root/g", "it has targetRefs, which sidecars do not serve"));
    }
}
