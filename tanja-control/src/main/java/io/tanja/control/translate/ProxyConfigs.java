package io.tanja.control.translate;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.policy.AttachedPolicies;
import io.tanja.model.policy.Selector;
import java.util.List;

/** What a sidecar must know about itself. */
public final class ProxyConfigs {
    private ProxyConfigs() {}

    /** Translates the configuration of the sidecar beside a workload. */
    public static ProxyConfig of(MeshState state, Member member) {
        return new ProxyConfig(
                member.workload(),
                member.modes(),
                member.modeSource(),
                member.ports(),
                AttachedPolicies.of(
                                state.options().rootNamespace(),
                                member.workload().name().namespace(),
                                member.podLabels(),
                                state.authorization())
                        .policies(),
                List.of(state.options().trustDomain()),
                state.settings().outbound());
    }

    /** Whether a policy that sidecars serve holds for a workload. */
    static boolean applies(MeshState state, AuthorizationPolicy policy, Member member) {
        String home = policy.meta().namespace();
        boolean inScope = home.equals(member.workload().name().namespace())
                || home.equals(state.options().rootNamespace());
        return inScope && Selector.selects(policy.selector(), member.podLabels());
    }
}
