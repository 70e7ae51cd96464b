package io.tanja.control.lead;

import io.tanja.control.push.Publisher.Published;
import io.tanja.control.source.Declared;
import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.policy.Selector;
import io.tanja.xds.ads.server.PushStatus;
import io.tanja.xds.ads.server.StreamStatus;
import io.tanja.xds.codec.ResourceNames;
import io.tanja.xds.codec.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * At how many proxies a policy is in force: of those beside the workloads that it selects, those that have accepted their
 * own configuration as of a state that has this content of the policy.
 *
 * @param generation the policy's content
 * @param current how many have it
 * @param proxies how many are to have it
 */
record PolicyReach(long generation, int current, int proxies) {
    static final PolicyReach NONE = new PolicyReach(0, 0, 0);

    /** The same with the proxies that are connected to other replicas. */
    PolicyReach plus(int elsewhere) {
        return new PolicyReach(generation, current + elsewhere, proxies);
    }

    /**
     * What one replica can tell, by the policies' {@link Declared#id}.
     *
     * @param streams the proxies that are connected to it
     */
    static Map<String, PolicyReach> of(Published published, List<StreamStatus> streams) {
        Set<String> current = current(published, streams);
        Map<String, PolicyReach> all = new HashMap<>();
        for (Declared policy : published.declared()) {
            int proxies = 0;
            int has = 0;
            for (Member member : published.catalog().state().members().values()) {
                if (member.workload().meshed() && concerns(published.catalog().state(), policy, member)) {
                    proxies++;
                    has += current.contains(member.workload().uid()) ? 1 : 0;
                }
            }
            all.put(policy.id(), new PolicyReach(policy.generation(), has, proxies));
        }
        return all;
    }

    /** The proxies that have all of the published state that concerns them. */
    private static Set<String> current(Published published, List<StreamStatus> streams) {
        Set<String> current = new HashSet<>();
        for (StreamStatus stream : streams) {
            Member member =
                    published.catalog().state().member(uid(published.catalog().state(), stream.node()));
            // The name is what the client says; who it is, it has proved.
            if (member != null && member.workload().identity().equals(stream.caller())) {
                for (PushStatus type : stream.types()) {
                    if (type.typeUrl().equals(ResourceType.PROXY_CONFIG.url())
                            && type.has(published.catalog().version())) {
                        current.add(member.workload().uid());
                    }
                }
            }
        }
        return current;
    }

    /** The workload of a sidecar by what it calls itself, {@code sidecar~address~pod.namespace~domain} as in Istio. */
    private static String uid(MeshState state, String node) {
        List<String> parts = List.of(node.split("~", -1));
        String pod = parts.size() == 4 ? parts.get(2) : "";
        int dot = pod.lastIndexOf('.');
        return dot < 0
                ? ""
                : ResourceNames.pod(
                        state.options().cluster(), new NamespacedName(pod.substring(dot + 1), pod.substring(0, dot)));
    }

    private static boolean concerns(MeshState state, Declared policy, Member member) {
        boolean ofMesh = policy.namespace().equals(state.options().rootNamespace());
        boolean near = policy.namespace().equals(member.workload().name().namespace());
        return switch (policy.good()) {
            // With a selector, one of the root namespace selects nothing.
            case PeerAuthentication peers ->
                (ofMesh ? peers.selector().isEmpty() : near) && Selector.selects(peers.selector(), member.podLabels());
            case AuthorizationPolicy access ->
                (ofMesh || near)
                        && access.targets().isEmpty()
                        && Selector.selects(access.selector(), member.podLabels());
            case null, default -> false;
        };
    }
}
