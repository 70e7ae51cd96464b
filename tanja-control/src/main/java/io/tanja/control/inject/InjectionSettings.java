package io.tanja.control.inject;

import io.tanja.model.identity.TrustDomain;
import io.tanja.model.inject.SidecarDefaults;

/**
 * What is the same for all sidecars of a mesh.
 *
 * @param image the one image of the mesh, whose entry point is a JVM that reads {@code @/app/*.args}
 * @param trustDomain the mesh's trust domain
 * @param systemNamespace where the control plane runs
 * @param cluster the cluster's id
 * @param nativeSidecars whether the proxy is an init container that stays (Kubernetes calls that a sidecar container);
 *     else it is one more container
 * @param defaults what holds where a pod's annotations say nothing; with native sidecars the application always waits
 */
public record InjectionSettings(
        String image,
        TrustDomain trustDomain,
        String systemNamespace,
        String cluster,
        boolean nativeSidecars,
        SidecarDefaults defaults) {
    /** The image unless told otherwise. */
    public static final String DEFAULT_IMAGE = "docker.io/tanja/tanja:0.1.0";

    /** The control plane's Service. */
    public static final String CONTROL_SERVICE = "tanja-control";

    private static final int CONTROL_PORT = 15012;

    /** Where sidecars find the control plane. */
    public String controlAddress() {
        return CONTROL_SERVICE + "." + systemNamespace + ".svc:" + CONTROL_PORT;
    }
}
