package io.tanja.control.lead;

import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Tells whether a write failed only because its namespace is about to end. Nobody can act on that, or needs to. */
final class EndingNamespace {
    private static final int NOT_FOUND = 404;
    /** {@code corev1.NamespaceTerminatingCause} of Kubernetes. */
    private static final String TERMINATING = "NamespaceTerminating";

    private EndingNamespace() {}

    static boolean explains(KubernetesClientException failure) {
        if (failure.getCode() == NOT_FOUND) {
            return true;
        }
        StatusDetails details =
                failure.getStatus() == null ? null : failure.getStatus().getDetails();
        return details != null
                && details.getCauses() != null
                && details.getCauses().stream().anyMatch(cause -> TERMINATING.equals(cause.getReason()));
    }
}
