package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.inject.InjectionOutcome.Injected;
import io.tanja.control.inject.InjectionOutcome.Refused;
import io.tanja.model.inject.CanonicalService;
import io.tanja.model.inject.Injection;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gives a pod its sidecar, or says why it cannot. Pure; safe for use by several threads. */
public final class SidecarInjector {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
    private static final String DEFAULT_LOGS = "kubectl.kubernetes.io/default-logs-container";

    private final InjectionSettings settings;
    private final KubernetesSerialization serialization;

    /**
     * Makes one.
     *
     * @param settings what holds for all pods
     * @param serialization writes JSON into annotations and variables
     */
    public SidecarInjector(InjectionSettings settings, KubernetesSerialization serialization) {
        this.settings = settings;
        this.serialization = serialization;
    }

    /**
     * Gives a pod its sidecar; whether it should have one was decided before.
     *
     * @param pod the pod, which is not changed
     * @param namespace its namespace, which it need not name itself
     */
    public InjectionOutcome inject(Pod pod, String namespace) {
        return inject(pod, namespace, PodParts.workload(pod));
    }

    /**
     * The same for a pod that is yet a template.
     *
     * @param workload the name of the workload that the pod will belong to
     */
    public InjectionOutcome inject(Pod pod, String namespace, String workload) {
        String object = PodParts.object(pod, namespace);
        List<Problem> problems = new ArrayList<>();
        SidecarChoices choices =
                SidecarAnnotations.read(new AnnotationValues(object, PodParts.annotations(pod), problems), settings);
        new PodConflicts(object, problems).find(pod, choices);
        List<Container> containers = PodParts.containers(pod);
        List<Container> inits = PodParts.initContainers(pod);
        ProbeRewrite probes = new ProbeRewrite(object, problems);
        if (choices.rewriteProbes()) {
            containers = probes.containers("spec.containers", containers, false);
            inits = probes.containers("spec.initContainers", inits, true);
        }
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            return new Refused(errors);
        }
        Map<String, String> variables = new LinkedHashMap<>();
        addJson(variables, ProbeRewrite.VARIABLE, probes.originals());
        addJson(variables, MergedMetrics.VARIABLE, choices.metrics().application());
        return new Injected(build(pod, workload, choices, containers, inits, variables), problems);
    }

    private void addJson(Map<String, String> variables, String name, Map<String, ?> content) {
        if (!content.isEmpty()) {
            variables.put(name, serialization.asJson(content));
        }
    }

    private Pod build(
            Pod pod,
            String workload,
            SidecarChoices choices,
            List<Container> containers,
            List<Container> inits,
            Map<String, String> variables) {
        SidecarContainers sidecar = new SidecarContainers(settings, choices);
        List<Container> allInits = new ArrayList<>();
        List<Container> all = new ArrayList<>();
        Container proxy = sidecar.proxy(variables);
        if (choices.nativeSidecar()) {
            allInits.add(sidecar.redirect());
            allInits.add(proxy);
            allInits.addAll(inits);
            all.addAll(containers);
        } else {
            // Before the redirect, as in Istio: there is no proxy yet that would take what they send.
            allInits.addAll(inits);
            allInits.add(sidecar.redirect());
            all.addAll(containers);
            all.add(choices.hold() ? 0 : all.size(), proxy);
        }
        PodSpec spec = PodParts.spec(pod);
        List<Volume> volumes = new ArrayList<>(PodParts.list(spec.getVolumes()));
        volumes.addAll(SidecarVolumes.all());
        return new PodBuilder(pod)
                .editOrNewMetadata()
                .withLabels(labels(pod, workload))
                .withAnnotations(annotations(pod, choices, containers))
                .endMetadata()
                .editOrNewSpec()
                .withInitContainers(allInits)
                .withContainers(all)
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    private static Map<String, String> labels(Pod pod, String workload) {
        Map<String, String> labels = new TreeMap<>(PodParts.labels(pod));
        CanonicalService canonical = CanonicalService.of(labels, workload);
        labels.put(SidecarNames.TLS_MODE, "istio");
        labels.put(CanonicalService.NAME, canonical.name());
        labels.put(CanonicalService.REVISION, canonical.revision());
        return labels;
    }

    private Map<String, String> annotations(Pod pod, SidecarChoices choices, List<Container> containers) {
        Map<String, String> annotations = new TreeMap<>(PodParts.annotations(pod));
        annotations.put(Injection.REVISION, Injection.DEFAULT_REVISION);
        annotations.put(SidecarNames.STATUS, serialization.asJson(status(choices)));
        if (!containers.isEmpty()) {
            String first = containers.getFirst().getName();
            annotations.putIfAbsent(DEFAULT_CONTAINER, first);
            annotations.putIfAbsent(DEFAULT_LOGS, first);
        }
        annotations.putAll(choices.metrics().annotations());
        return annotations;
    }

    private static Map<String, Object> status(SidecarChoices choices) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put(
                "initContainers",
                choices.nativeSidecar()
                        ? List.of(SidecarNames.REDIRECT, SidecarNames.PROXY)
                        : List.of(SidecarNames.REDIRECT));
        status.put("containers", choices.nativeSidecar() ? List.of() : List.of(SidecarNames.PROXY));
        status.put("volumes", SidecarNames.VOLUMES);
        status.put("revision", Injection.DEFAULT_REVISION);
        return status;
    }

    /** What is to be done to a pod to make it another one, as RFC 6902 has it. */
    public List<PatchOperation> patch(Pod from, Pod to) {
        return JsonPatch.between(tree(from), tree(to));
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys.
    private Map<String, Object> tree(Pod pod) {
        return new HashMap<>((Map<String, Object>) serialization.convertValue(pod, Map.class));
    }
}
