package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.inject.InjectionOutcome;
import io.tanja.control.inject.InjectionSettings;
import io.tanja.control.inject.PodParts;
import io.tanja.control.inject.SidecarInjector;
import io.tanja.control.state.MeshState;
import io.tanja.model.identity.Quote;
import io.tanja.model.inject.Injection;
import io.tanja.model.inject.InjectionDecision;
import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives new pods their sidecars. A pod that cannot have the sidecar that was asked for is not let in: it would run in
 * plaintext, and nobody would know.
 */
public final class InjectionReviewer implements AdmissionReviewer {
    private static final Logger LOG = LoggerFactory.getLogger(InjectionReviewer.class);
    private static final int INVALID = 422;

    private final Supplier<MeshState> state;
    private final Function<String, Map<String, String>> namespaceLabels;
    private final BooleanSupplier switchedOn;
    private final Supplier<InjectionSettings> settings;
    private final KubernetesSerialization serialization;

    /**
     * Makes one.
     *
     * @param state the mesh as it is known here
     * @param namespaceLabels asks the API server for the labels of a namespace; throws if it does not answer
     * @param switchedOn asks the API server whether the ModuleConfig is enabled; throws if it does not answer
     * @param settings what holds for all pods
     */
    public InjectionReviewer(
            Supplier<MeshState> state,
            Function<String, Map<String, String>> namespaceLabels,
            BooleanSupplier switchedOn,
            Supplier<InjectionSettings> settings,
            KubernetesSerialization serialization) {
        this.state = state;
        this.namespaceLabels = namespaceLabels;
        this.switchedOn = switchedOn;
        this.settings = settings;
        this.serialization = serialization;
    }

    @Override
    public AdmissionResponse review(AdmissionRequest request) {
        String namespace = String.valueOf(request.getNamespace());
        boolean newPod = "CREATE".equals(request.getOperation())
                && (request.getSubResource() == null || request.getSubResource().isEmpty());
        if (!newPod) {
            return Responses.allowed(List.of());
        }
        Pod pod = pod(request.getObject());
        if (pod == null) {
            return Responses.denied(INVALID, "the object is not a Pod; let the webhook's rules name pods only");
        }
        String object = PodParts.object(pod, namespace);
        return switch (decide(pod, namespace)) {
            case InjectionDecision.Skip(String reason, boolean asked) -> {
                LOG.info("pod without sidecar pod=\"{}\" reason=\"{}\"", object, reason);
                yield Responses.allowed(
                        asked ? List.of(object + " gets no sidecar and is outside the mesh: " + reason) : List.of());
            }
            case InjectionDecision.Inject(String reason) -> inject(pod, namespace, object, reason);
        };
    }

    private AdmissionResponse inject(Pod pod, String namespace, String object, String reason) {
        SidecarInjector injector = new SidecarInjector(settings.get(), serialization);
        return switch (injector.inject(pod, namespace)) {
            case InjectionOutcome.Injected(Pod injected, List<Problem> warnings) -> {
                LOG.info("pod with sidecar pod=\"{}\" reason=\"{}\"", object, reason);
                yield Responses.patched(
                        serialization.asJson(injector.patch(pod, injected)),
                        warnings.stream().map(Problem::sentence).toList());
            }
            case InjectionOutcome.Refused(List<Problem> problems) -> {
                String why = problems.stream().map(Problem::sentence).collect(Collectors.joining(". "));
                LOG.warn("pod not let in pod=\"{}\" reason=\"{}\"", object, Quote.printable(why));
                yield Responses.denied(INVALID, reason + ", but it cannot have a sidecar: " + why);
            }
        };
    }

    /**
     * Decides by what is known. The API server has called because of labels that it knows: if we do not see them, we are
     * behind, and ask.
     */
    private InjectionDecision decide(Pod pod, String namespace) {
        Map<String, String> known = state.get().namespaces().get(namespace);
        if (known != null) {
            InjectionDecision decision = decide(pod, namespace, known);
            boolean told = switch (decision) {
                case InjectionDecision.Inject _ -> true;
                case InjectionDecision.Skip skip -> skip.asked();
            };
            if (told || Injection.never(state.get().options().rootNamespace()).contains(namespace)) {
                return decision;
            }
        }
        return decide(pod, namespace, namespaceLabels.apply(namespace));
    }

    private InjectionDecision decide(Pod pod, String namespace, Map<String, String> labels) {
        MeshState now = state.get();
        boolean enabled = now.settings().enabled() || !now.settings().givesWay() && switchedOn.getAsBoolean();
        return Injection.decide(PodParts.injectionCase(
                pod, namespace, labels, enabled, now.options().rootNamespace()));
    }

    private @Nullable Pod pod(@Nullable Object object) {
        if (object instanceof Pod pod) {
            return pod;
        }
        if (object == null) {
            return null;
        }
        try {
            Pod pod = serialization.convertValue(object, Pod.class);
            return pod != null && "Pod".equals(pod.getKind()) && pod.getSpec() != null ? pod : null;
        } catch (IllegalArgumentException e) {
            LOG.debug("not a pod: {}", Quote.printable(String.valueOf(e.getMessage())));
            return null;
        }
    }
}
