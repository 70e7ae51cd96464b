package io.tanja.diagnose.describe;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.api.Pod;
import io.tanja.model.api.Service;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.policy.AttachedPolicies;
import java.util.List;
import java.util.TreeSet;

/**
 * A pod with all that the mesh's own code makes of it.
 *
 * @param state the mesh as far as it concerns the pod
 * @param pod the pod
 * @param member what the control plane makes of it
 * @param services the services that select it, by name
 * @param scope which of its traffic is captured, by its annotations and the ModuleConfig as it is now
 * @param attached the AuthorizationPolicies that apply to it
 */
record Subject(
        MeshState state,
        Pod pod,
        Member member,
        List<Service> services,
        CaptureScope scope,
        AttachedPolicies attached) {
    private static final String PROXY = "istio-proxy";

    /** The ports that somebody names: a service, a container, a policy. */
    TreeSet<Integer> ports() {
        TreeSet<Integer> ports = new TreeSet<>(member.ports().keySet());
        ports.addAll(member.modes().ports().keySet());
        pod.spec().containers().stream()
                .filter(container -> !container.name().equals(PROXY))
                .flatMap(container -> container.ports().stream())
                .filter(port -> port.protocol().equals("TCP"))
                .forEach(port -> ports.add(port.containerPort()));
        return ports;
    }

    /** Whether what reaches that port goes through the sidecar. */
    boolean captured(int port) {
        return !scope.excludeInboundPorts().contains(port)
                && (scope.inboundAll() || scope.includeInboundPorts().contains(port));
    }

    /** Which object decides the mode of a port. */
    String decidedBy(int port) {
        String own = member.modeSource().get(port);
        return own == null ? member.modeSource().getOrDefault(0, "default") : own;
    }

    boolean meshed() {
        return member.workload().meshed();
    }
}
