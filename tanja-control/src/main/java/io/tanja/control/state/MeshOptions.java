package io.tanja.control.state;

import io.tanja.model.identity.TrustDomain;

/**
 * What the operator of the control plane decides, as opposed to the objects.
 *
 * @param trustDomain the mesh's trust domain
 * @param rootNamespace the namespace whose policies are mesh-wide
 * @param cluster the cluster's id, the first part of workload uids
 * @param needsModuleConfig whether the mesh is off unless a ModuleConfig {@code istio} enables it
 * @param besideDeckhouse whether the mesh is served although Deckhouse serves the same ModuleConfig
 */
public record MeshOptions(
        TrustDomain trustDomain,
        String rootNamespace,
        String cluster,
        boolean needsModuleConfig,
        boolean besideDeckhouse) {
    /** Options of a mesh that gives way to Deckhouse. */
    public MeshOptions(TrustDomain trustDomain, String rootNamespace, String cluster, boolean needsModuleConfig) {
        this(trustDomain, rootNamespace, cluster, needsModuleConfig, false);
    }

    /** Trust domain {@code cluster.local}, system namespace {@code tanja-system}, cluster {@code Kubernetes}. */
    public static final MeshOptions DEFAULT =
            new MeshOptions(TrustDomain.CLUSTER_LOCAL, "tanja-system", "Kubernetes", true);
}
