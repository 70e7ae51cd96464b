package io.tanja.control.translate;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.xds.ads.server.ServedResource;
import io.tanja.xds.codec.Layer4Encoder;
import io.tanja.xds.codec.ResourceNames;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.proto.istio.security.Authorization;
import io.tanja.xds.proto.istio.security.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layer-4 half of the AuthorizationPolicies, for clients that fetch policies by themselves (ztunnel). Sidecars get
 * theirs, whole, in their own configuration.
 */
final class Layer4Policies {
    private Layer4Policies() {}

    static List<ServedResource> of(MeshState state) {
        List<ServedResource> out = new ArrayList<>();
        for (AuthorizationPolicy policy : state.authorization()) {
            Authorization authorization = policy.targets().isEmpty()
                    ? Layer4Encoder.encode(policy.resolved(), scope(state, policy))
                            .authorization()
                    : null;
            if (authorization != null) {
                out.add(Encoded.resource(
                        ResourceNames.policy(policy.name()), List.of(), ResourceType.AUTHORIZATION_URL, authorization));
            }
        }
        return out;
    }

    private static Scope scope(MeshState state, AuthorizationPolicy policy) {
        if (!policy.selector().isEmpty()) {
            return Scope.WORKLOAD_SELECTOR;
        }
        return policy.meta().namespace().equals(state.options().rootNamespace()) ? Scope.GLOBAL : Scope.NAMESPACE;
    }

    /** By workload uid, the names of the policies whose selector chose the workload. */
    static Map<String, List<String>> chosen(MeshState state) {
        List<AuthorizationPolicy> selecting = state.authorization().stream()
                .filter(policy ->
                        !policy.selector().isEmpty() && policy.targets().isEmpty())
                .toList();
        if (selecting.isEmpty()) {
            return Map.of();
        }
        Map<Labelled, List<String>> known = new HashMap<>();
        Map<String, List<String>> out = new HashMap<>();
        for (Member member : state.members().values()) {
            Labelled key = new Labelled(member.workload().name().namespace(), member.podLabels());
            out.put(
                    member.workload().uid(),
                    known.computeIfAbsent(
                            key,
                            absent -> selecting.stream()
                                    .filter(policy -> ProxyConfigs.applies(state, policy, member))
                                    .map(policy -> ResourceNames.policy(policy.name()))
                                    .toList()));
        }
        return out;
    }

    /** Pods of one Deployment have the same policies. */
    private record Labelled(String namespace, Map<String, String> labels) {}
}
