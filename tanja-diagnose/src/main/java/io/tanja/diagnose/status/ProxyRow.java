package io.tanja.diagnose.status;

import org.jspecify.annotations.Nullable;

/**
 * One proxy of the report: connected, or a pod whose proxy is not, or both.
 *
 * @param pod {@code shop/web-1}
 * @param connected how the control plane sees it; null if it is not connected to any replica that was asked
 * @param meshed the pod; null if the API server does not know it, or was not asked
 */
public record ProxyRow(
        String pod,
        @Nullable ConnectedProxy connected,
        @Nullable MeshedPod meshed) {}
