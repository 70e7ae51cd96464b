package io.tanja.control.state;

import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.mesh.Service;
import io.tanja.model.validate.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mesh at one moment, built from the objects alone. Immutable.
 *
 * @param options what the operator decided
 * @param settings what the ModuleConfig says
 * @param injected the namespaces whose pods join the mesh, by their label {@code istio-injection=enabled}
 * @param namespaces the labels of all namespaces, by name
 * @param members the workloads by uid
 * @param services the services by {@link Service#key()}
 * @param authorization all AuthorizationPolicies, by name
 * @param problems what is wrong with the objects as a whole
 */
public record MeshState(
        MeshOptions options,
        MeshSettings settings,
        SortedSet<String> injected,
        SortedMap<String, Map<String, String>> namespaces,
        SortedMap<String, Member> members,
        SortedMap<String, Service> services,
        List<AuthorizationPolicy> authorization,
        List<Problem> problems) {
    /** Copies the collections. */
    public MeshState {
        injected = Collections.unmodifiableSortedSet(new TreeSet<>(injected));
        namespaces = Collections.unmodifiableSortedMap(new TreeMap<>(namespaces));
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        authorization = List.copyOf(authorization);
        problems = List.copyOf(problems);
    }

    /** A mesh without any object. */
    public static MeshState empty(MeshOptions options) {
        return MeshStateBuilder.build(List.of(), options, null);
    }

    /** The workload with that uid, or null. */
    public @Nullable Member member(String uid) {
        return members.get(uid);
    }

    /** How many workloads have a sidecar. */
    public long meshed() {
        return members.values().stream().filter(m -> m.workload().meshed()).count();
    }
}
