package io.tanja.control.state;

import io.tanja.model.identity.TrustDomain;

/**
 * What the operator of the control plane decides, as opposed to the objects.
 *
 * @param trustDomain the mesh's trust domain
 * @param rootNamespace the namespace whose policies are mesh-wide
 * @param cluster the cluster's id, the first part of workload uids
 * @param needsModuleConfig whether the mesh is off unless a ModuleConfig {@code istio} enables it
 */
public record MeshOptions(TrustDomain trustDomain, String rootNamespace, String cluster, boolean needsModuleConfig) {
    /** Trust domain {@code cluster.local}, system namespace {@code tanja-system}, cluster {@code Kubernetes}. */
    public static final MeshOptions DEFAULT =
            new MeshOptions(TrustDomain.CLUSTER_LOCAL, "tanja-system", "Kubernetes", true);
}
