package io.tanja.model.policy;

import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.TlsMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mutual TLS modes that hold for one workload, and why.
 *
 * <p>Follows {@code ComposePeerAuthentication} of Istio's {@code pilot/pkg/security/authn/policy_applier.go}: the mesh's
 * policy, then the namespace's, then the workload's, each overriding the wider one unless it is UNSET; in each scope the
 * oldest wins. Modes of single ports count only in the workload's winning policy. A policy with a selector in the root
 * namespace selects nothing, other than the comment in Istio's API says.
 *
 * @param modes the modes
 * @param source which object decided, by port; {@code 0} stands for all other ports
 * @param ignored policies of these scopes that have no effect, with the reason
 */
public record EffectiveModes(InboundModes modes, Map<Integer, String> source, List<Ignored> ignored) {
    /** The source of a mode that no policy sets. */
    public static final String DEFAULT = "default";

    /** Oldest first, then by name, then by namespace; one without a time counts as the oldest, as in Istio. */
    private static final Comparator<PeerAuthentication> PRECEDENCE = Comparator.comparing(EffectiveModes::created)
            .thenComparing(p -> p.meta().name())
            .thenComparing(p -> p.meta().namespace());

    /** Copies the collections. */
    public EffectiveModes {
        source = Map.copyOf(source);
        ignored = List.copyOf(ignored);
    }

    /**
     * Merges the policies that concern a workload.
     *
     * @param rootNamespace the namespace whose policies hold for the mesh
     * @param namespace the workload's namespace
     * @param labels the workload's labels
     * @param policies policies of any namespace
     */
    public static EffectiveModes of(
            String rootNamespace, String namespace, Map<String, String> labels, List<PeerAuthentication> policies) {
        List<Ignored> ignored = new ArrayList<>();
        List<PeerAuthentication> mesh = new ArrayList<>();
        List<PeerAuthentication> ofNamespace = new ArrayList<>();
        List<PeerAuthentication> ofWorkload = new ArrayList<>();
        for (PeerAuthentication policy : policies) {
            boolean inRoot = policy.meta().namespace().equals(rootNamespace);
            if (policy.selector().isEmpty()) {
                if (inRoot) {
                    mesh.add(policy);
                } else if (policy.meta().namespace().equals(namespace)) {
                    ofNamespace.add(policy);
                }
            } else if (inRoot) {
                ignored.add(new Ignored(policy.id(), "a selector in the root namespace selects no workload"));
            } else if (policy.meta().namespace().equals(namespace) && Selector.selects(policy.selector(), labels)) {
                ofWorkload.add(policy);
            }
        }
        Merge merge = new Merge();
        merge.overlay(oldest(mesh, ignored));
        merge.overlay(oldest(ofNamespace, ignored));
        PeerAuthentication workload = oldest(ofWorkload, ignored);
        merge.overlay(workload);
        if (workload != null) {
            merge.ports(workload);
        }
        return new EffectiveModes(new InboundModes(merge.mode, merge.ports), merge.source, ignored);
    }

    private static @Nullable PeerAuthentication oldest(List<PeerAuthentication> scope, List<Ignored> ignored) {
        scope.sort(PRECEDENCE);
        for (PeerAuthentication younger : scope.stream().skip(1).toList()) {
            ignored.add(new Ignored(
                    younger.id(),
                    scope.getFirst().id() + " has the same scope and is older, or as old and first by name"));
        }
        return scope.isEmpty() ? null : scope.getFirst();
    }

    private static Instant created(PeerAuthentication policy) {
        return Objects.requireNonNullElse(policy.meta().creationTimestamp(), Instant.MIN);
    }

    /** What is merged so far. Written by {@link #of} only. */
    private static final class Merge {
        private final Map<Integer, String> source = new HashMap<>(Map.of(0, DEFAULT));
        private final Map<Integer, TlsMode> ports = new HashMap<>();
        private TlsMode mode = TlsMode.PERMISSIVE;

        void overlay(@Nullable PeerAuthentication policy) {
            TlsMode own = policy == null ? null : policy.mode().effective();
            if (policy != null && own != null) {
                mode = own;
                source.put(0, policy.id());
            }
        }

        void ports(PeerAuthentication policy) {
            policy.portLevelMtls().forEach((port, unresolved) -> {
                TlsMode own = unresolved.effective();
                ports.put(port, own == null ? mode : own);
                source.put(port, own == null ? source.getOrDefault(0, DEFAULT) : policy.id());
            });
        }
    }
}
