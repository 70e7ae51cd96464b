package io.tanja.model.mesh;

/**
 * The names under which a workload appears in metrics and logs, as Istio derives them.
 *
 * @param workload name of the owner (the Deployment)
 * @param canonicalName canonical service
 * @param canonicalRevision canonical revision, {@code latest} unless labelled
 * @param app label {@code app}, {@code unknown} if absent
 * @param version label {@code version}, {@code unknown} if absent
 * @param cluster cluster id
 */
public record WorkloadLabels(
        String workload, String canonicalName, String canonicalRevision, String app, String version, String cluster) {
    /** For a peer that is not in the registry. */
    public static final WorkloadLabels UNKNOWN =
            new WorkloadLabels("unknown", "unknown", "unknown", "unknown", "unknown", "unknown");
}
