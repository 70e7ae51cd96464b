package io.tanja.control.state;

import io.tanja.model.api.Pod;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.Workload;
import io.tanja.model.policy.EffectiveModes;
import io.tanja.model.validate.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes workloads of pods. Used by one thread. */
final class MemberBuilder {
    private final MeshOptions options;
    private final WorkloadModes modes;
    private final List<Problem> problems;

    MemberBuilder(MeshOptions options, WorkloadModes modes, List<Problem> problems) {
        this.options = options;
        this.modes = modes;
        this.problems = problems;
    }

    /**
     * Makes the workload of a pod.
     *
     * @param services the services of its namespace, the older one first
     * @return null if the pod cannot have an identity, which is then a problem
     */
    @Nullable
    Member build(Pod pod, List<ServiceEntry> services) {
        SpiffeId identity;
        try {
            identity = new SpiffeId(
                    options.trustDomain(), pod.meta().namespace(), pod.spec().serviceAccountName());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    pod.origin().file(),
                    pod.origin().line(),
                    pod.id(),
                    "spec.serviceAccountName",
                    "cannot be an identity: " + Quote.printable(String.valueOf(e.getMessage())),
                    "use names that Kubernetes accepts"));
            return null;
        }
        Map<String, List<PortMapping>> mapped = new HashMap<>();
        Map<Integer, InboundPort> ports = new HashMap<>();
        for (ServiceEntry entry : services) {
            if (entry.selects(pod)) {
                List<PortMapping> mappings = entry.mappings(pod);
                if (!mappings.isEmpty()) {
                    mapped.put(entry.service().key(), mappings);
                }
                mappings.forEach(mapping -> declare(ports, entry, mapping));
            }
        }
        EffectiveModes effective = modes.of(pod.meta().namespace(), pod.meta().labels());
        // Also when the mesh is switched off: who has a sidecar keeps its encryption until it is restarted without.
        boolean meshed = PodLabels.hasSidecar(pod);
        Workload workload = new Workload(
                options.cluster() + "//Pod/" + pod.name(),
                pod.name(),
                identity,
                pod.status().podIPs(),
                PodLabels.names(pod, options.cluster()),
                pod.status().ready(),
                meshed ? effective.modes() : null,
                mapped);
        return new Member(workload, pod.meta().labels(), effective.modes(), effective.source(), ports);
    }

    private static void declare(Map<Integer, InboundPort> ports, ServiceEntry entry, PortMapping mapping) {
        ServicePort port = entry.service().port(mapping.servicePort());
        if (port != null) {
            ports.putIfAbsent(
                    mapping.targetPort(),
                    new InboundPort(
                            mapping.targetPort(),
                            port.protocol(),
                            entry.service().hostname(),
                            port.port()));
        }
    }
}
