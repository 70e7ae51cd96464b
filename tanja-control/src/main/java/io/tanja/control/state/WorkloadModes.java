package io.tanja.control.state;

import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.policy.EffectiveModes;
import io.tanja.model.policy.Ignored;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The modes of workloads, with the mesh's own default where no PeerAuthentication speaks. Pods with the same labels share
 * one answer. Used by one thread.
 */
final class WorkloadModes {
    /** What decides a workload's modes. */
    private record Key(String namespace, Map<String, String> labels) {}

    private final String rootNamespace;
    private final MeshSettings settings;
    private final List<PeerAuthentication> policies;
    private final Map<Key, EffectiveModes> known = new HashMap<>();
    private final Set<Ignored> ignored = new LinkedHashSet<>();

    WorkloadModes(String rootNamespace, MeshSettings settings, List<PeerAuthentication> policies) {
        this.rootNamespace = rootNamespace;
        this.settings = settings;
        this.policies = policies;
        // A namespace without pods has policies too, and they may be in each other's way.
        policies.forEach(policy -> of(policy.meta().namespace(), policy.selector()));
    }

    EffectiveModes of(String namespace, Map<String, String> labels) {
        return known.computeIfAbsent(new Key(namespace, labels), key -> {
            EffectiveModes modes = EffectiveModes.of(rootNamespace, namespace, labels, policies);
            ignored.addAll(modes.ignored());
            return withMeshDefault(modes);
        });
    }

    private EffectiveModes withMeshDefault(EffectiveModes modes) {
        Map<Integer, String> source = new HashMap<>(modes.source());
        Map<Integer, TlsMode> ports = new HashMap<>(modes.modes().ports());
        TlsMode mode = undecided(source, 0) ? settings.mode() : modes.modes().mode();
        ports.replaceAll((port, own) -> undecided(source, port) ? settings.mode() : own);
        source.replaceAll((port, from) -> from.equals(EffectiveModes.DEFAULT) ? settings.modeSource() : from);
        return new EffectiveModes(new InboundModes(mode, ports), source, modes.ignored());
    }

    private static boolean undecided(Map<Integer, String> source, int port) {
        return EffectiveModes.DEFAULT.equals(source.getOrDefault(port, EffectiveModes.DEFAULT));
    }

    /** What was found about the policies on the way. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (PeerAuthentication policy : policies) {
            for (Ignored ineffective : ignored) {
                if (ineffective.policy().equals(policy.id())) {
                    problems.add(new Problem(
                            Problem.Severity.WARNING,
                            policy.origin().file(),
                            policy.origin().line(),
                            policy.id(),
                            "",
                            "has no effect: " + ineffective.reason(),
                            "remove it, or change its scope"));
                }
            }
        }
        return problems;
    }
}
