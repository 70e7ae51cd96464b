package io.tanja.model.inject;

import java.util.Map;

/**
 * The names under which metrics and logs know a workload, in the order of preference of Istio's injection template.
 *
 * @param name the canonical service, at most 63 characters
 * @param revision its canonical revision, {@code latest} unless labelled
 */
public record CanonicalService(String name, String revision) {
    /** Label with the name. */
    public static final String NAME = "service.istio.io/canonical-name";
    /** Label with the revision. */
    public static final String REVISION = "service.istio.io/canonical-revision";

    private static final int MAX_LABEL = 63;

    /**
     * Reads a pod's labels.
     *
     * @param workload name of the pod's owner, for pods that do not say what they are
     */
    public static CanonicalService of(Map<String, String> labels, String workload) {
        return new CanonicalService(
                first(labels, workload, NAME, "app.kubernetes.io/name", "app"),
                first(labels, "latest", REVISION, "app.kubernetes.io/version", "version"));
    }

    private static String first(Map<String, String> labels, String otherwise, String... keys) {
        for (String key : keys) {
            String value = labels.getOrDefault(key, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return cut(otherwise);
    }

    /** A label's value must end with a letter or a digit, where a name may have a hyphen or a dot to be cut at. */
    private static String cut(String name) {
        int end = Math.min(name.length(), MAX_LABEL);
        while (end > 0 && !Character.isLetterOrDigit(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(0, end);
    }
}
