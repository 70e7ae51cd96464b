package io.tanja.diagnose.describe;

import io.tanja.diagnose.describe.PodDescription.Membership;
import io.tanja.model.inject.Injection;
import io.tanja.model.inject.InjectionCase;
import io.tanja.model.inject.InjectionDecision;
import java.util.ArrayList;
import java.util.List;

/** Says why a pod is in the mesh, or why not, by the decision that the webhook makes. Pure. */
final class MembershipReason {
    private static final String RESTART = "restart its workload: kubectl -n %s rollout restart";

    private MembershipReason() {}

    /**
     * Says it.
     *
     * @param meshed whether the control plane takes the pod for meshed
     * @param pod the pod as the webhook would see it
     */
    static Membership of(boolean meshed, InjectionCase pod) {
        InjectionDecision decision = Injection.decide(asNew(pod));
        if (meshed && pod.injected()) {
            return new Membership(
                    true, decision.inject() ? decision.reason() : "it got its sidecar when it was made", "");
        }
        if (meshed) {
            return new Membership(
                    true,
                    "its label security.istio.io/tlsMode=istio says so, but it has no container istio-proxy that was"
                            + " injected: what callers in the mesh encrypt, nobody may be there to decrypt",
                    "remove the label, or let the injector set it");
        }
        if (pod.injected()) {
            return new Membership(
                    false,
                    "it has a sidecar, but not the label security.istio.io/tlsMode=istio, by which callers know",
                    String.format(RESTART, pod.namespace()));
        }
        return switch (decision) {
            case InjectionDecision.Inject(String reason) ->
                new Membership(
                        false,
                        reason + ", but the pod has no sidecar: it was made before, or without the webhook",
                        String.format(RESTART, pod.namespace()));
            case InjectionDecision.Skip(String reason, boolean asked) ->
                new Membership(false, reason, asked || never(pod) ? "" : join(pod));
        };
    }

    /** What has changed since the pod was made. */
    static List<String> warnings(boolean meshed, InjectionCase pod) {
        List<String> warnings = new ArrayList<>();
        if (meshed
                && pod.injected()
                && Injection.decide(asNew(pod)) instanceof InjectionDecision.Skip(String reason, boolean _)) {
            warnings.add("a pod that takes its place will have no sidecar: " + reason);
        }
        return warnings;
    }

    private static boolean never(InjectionCase pod) {
        return Injection.never(pod.systemNamespace()).contains(pod.namespace());
    }

    private static String join(InjectionCase pod) {
        return "to mesh it: kubectl label namespace " + pod.namespace() + " " + Injection.NAMESPACE_LABEL
                + "=enabled --overwrite, and " + String.format(RESTART, pod.namespace());
    }

    private static InjectionCase asNew(InjectionCase pod) {
        return new InjectionCase(
                pod.moduleEnabled(),
                pod.systemNamespace(),
                pod.namespace(),
                pod.namespaceLabels(),
                pod.podLabels(),
                pod.podAnnotations(),
                pod.hostNetwork(),
                false);
    }
}
