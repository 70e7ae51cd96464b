package io.tanja.model.api;

import java.util.List;

/**
 * A pod.
 *
 * @param owners who made it
 * @param spec what it runs
 * @param status what has become of it
 */
public record Pod(ObjectMeta meta, Origin origin, List<OwnerReference> owners, PodSpec spec, PodStatus status)
        implements ApiObject {
    private static final String HASH_LABEL = "pod-template-hash";

    /** Copies the list. */
    public Pod {
        owners = List.copyOf(owners);
    }

    /**
     * The name of the workload that people think in: the Deployment behind a ReplicaSet, the controller of any other
     * pod, the pod itself without one. The ReplicaSet's hash is cut off only if the pod's label confirms it, as Istio does
     * ({@code pkg/kube/util.go}, {@code GetWorkloadMetaFromPod}).
     */
    public String workloadName() {
        for (OwnerReference owner : owners) {
            if (owner.controller()) {
                return owner.kind().equals("ReplicaSet") ? deployment(owner.name()) : owner.name();
            }
        }
        return meta.name();
    }

    private String deployment(String replicaSet) {
        String ending = "-" + meta.labels().getOrDefault(HASH_LABEL, "");
        return ending.length() > 1 && replicaSet.length() > ending.length() && replicaSet.endsWith(ending)
                ? replicaSet.substring(0, replicaSet.length() - ending.length())
                : replicaSet;
    }
}
