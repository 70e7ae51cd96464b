package io.tanja.diagnose.describe;

import io.tanja.control.inject.PodParts;
import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.control.state.MeshStateBuilder;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.describe.PodDescription.Policy;
import io.tanja.diagnose.describe.PodDescription.Port;
import io.tanja.diagnose.describe.PodDescription.SelectingService;
import io.tanja.diagnose.status.MeshedPod.CertificateExpiry;
import io.tanja.diagnose.status.MeshedPod.NotKnown;
import io.tanja.model.api.Pod;
import io.tanja.model.api.Service;
import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.inject.InjectionCase;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.policy.AttachedPolicies;
import io.tanja.model.policy.Selector;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Describes a pod by the code that the control plane itself decides by. Pure. */
public final class PodDescriber {
    private PodDescriber() {}

    /**
     * Describes it.
     *
     * @param certificate asks for its certificate; is called for a pod in the mesh only
     * @throws DiagnoseException if the mesh can make nothing of the pod, with the reason
     */
    public static PodDescription describe(Observed seen, Supplier<CertificateExpiry> certificate)
            throws DiagnoseException {
        List<Problem> problems = new ArrayList<>(seen.problems());
        Subject subject = subject(seen, problems);
        InjectionCase injection = PodParts.injectionCase(
                seen.pod(),
                subject.pod().meta().namespace(),
                seen.namespaceLabels(),
                subject.state().settings().enabled(),
                seen.options().rootNamespace());
        List<String> warnings = new ArrayList<>(seen.notes());
        PodDescription.Membership membership = MembershipReason.of(subject.meshed(), injection);
        warnings.addAll(MembershipReason.warnings(subject.meshed(), injection));
        warnings.addAll(PodWarnings.of(subject));
        problems.addAll(subject.state().problems());
        problems.stream().map(Problem::sentence).distinct().forEach(warnings::add);
        return new PodDescription(
                subject.pod().name().toString(),
                membership,
                subject.member().workload().identity().toString(),
                subject.meshed() ? certificate.get() : new NotKnown("it is outside the mesh"),
                ports(subject),
                subject.services().stream().map(s -> service(s, subject.pod())).toList(),
                subject.attached().policies().stream()
                        .map(policy -> policy(policy, subject))
                        .toList(),
                warnings);
    }

    private static Subject subject(Observed seen, List<Problem> problems) throws DiagnoseException {
        NamespacedName name = new NamespacedName(
                seen.pod().getMetadata().getNamespace(),
                seen.pod().getMetadata().getName());
        MeshState state = MeshStateBuilder.build(seen.objects(), seen.options(), null);
        for (Member member : state.members().values()) {
            for (var object : seen.objects()) {
                if (object instanceof Pod pod
                        && pod.name().equals(name)
                        && member.workload().name().equals(name)) {
                    List<Service> services = seen.objects().stream()
                            .filter(Service.class::isInstance)
                            .map(Service.class::cast)
                            .filter(service -> selects(service, pod))
                            .sorted(Comparator.comparing(
                                    service -> service.meta().name()))
                            .toList();
                    return new Subject(
                            state,
                            pod,
                            member,
                            services,
                            CaptureScope.read(
                                    pod.id(),
                                    pod.meta().annotations(),
                                    state.settings().module().sidecar().scope(),
                                    problems),
                            AttachedPolicies.of(
                                    state.options().rootNamespace(),
                                    name.namespace(),
                                    pod.meta().labels(),
                                    state.authorization()));
                }
            }
        }
        problems.addAll(state.problems());
        throw new DiagnoseException(
                "pod " + name,
                "is none that the mesh can serve: it has ended, or "
                        + (problems.isEmpty()
                                ? "is not understood"
                                : problems.stream().map(Problem::sentence).collect(Collectors.joining("; "))),
                "name a pod that runs");
    }

    private static boolean selects(Service service, Pod pod) {
        return !service.selector().isEmpty()
                && !service.type().equals("ExternalName")
                && service.meta().namespace().equals(pod.meta().namespace())
                && Selector.selects(service.selector(), pod.meta().labels());
    }

    private static List<Port> ports(Subject subject) {
        List<Port> ports = new ArrayList<>();
        for (int port : subject.ports()) {
            InboundPort declared = subject.member().ports().get(port);
            ports.add(new Port(
                    port,
                    declared == null ? "" : declared.protocol().name(),
                    subject.member().modes().of(port).name(),
                    subject.decidedBy(port),
                    subject.captured(port)));
        }
        ports.add(new Port(
                0,
                "",
                subject.member().modes().mode().name(),
                subject.decidedBy(0),
                subject.scope().inboundAll()));
        return ports;
    }

    private static SelectingService service(Service service, Pod pod) {
        List<String> ports = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            OptionalInt target = port.target().in(pod.spec());
            AppProtocol protocol = AppProtocol.declared(port.name(), port.appProtocol(), port.protocol(), port.port());
            ports.add(port.port() + " → " + (target.isPresent() ? target.getAsInt() : "nowhere") + " " + protocol);
        }
        return new SelectingService(service.name().toString(), ports);
    }

    private static Policy policy(AuthorizationPolicy policy, Subject subject) {
        boolean whole = subject.state().authorization().stream()
                .filter(object -> object.name().equals(policy.name()))
                .allMatch(object -> object.selector().isEmpty());
        boolean root =
                policy.name().namespace().equals(subject.state().options().rootNamespace());
        String scope = !whole ? "its selector" : root ? "the whole mesh" : "its whole namespace";
        return new Policy(
                policy.name().toString(),
                policy.action().name(),
                scope,
                policy.rules().size(),
                policy.dryRun());
    }
}
