package io.tanja.model.security;

/** Why bytes cross a connection without mutual TLS. "Not encrypted" is never an absence: it is one of these. */
public enum PlaintextReason {
    /** The destination is known not to be in the mesh. */
    DESTINATION_OUTSIDE_MESH("destination_outside_mesh"),
    /** The destination is in the mesh, and its effective mode is DISABLE. */
    DESTINATION_MODE_DISABLE("destination_mode_disable"),
    /** The caller sent plaintext, and the effective mode is PERMISSIVE. */
    CALLER_SENT_PLAINTEXT("caller_sent_plaintext"),
    /** The effective mode of this port is DISABLE: bytes pass as they come. */
    MODE_DISABLE("mode_disable"),
    /** The caller sent TLS that is not the mesh's; it passes to the application unopened. */
    CALLER_SENT_OTHER_TLS("caller_sent_other_tls"),
    /** The last step, inside the pod, between the proxy and its own application. */
    INSIDE_POD("inside_pod");

    private final String label;

    PlaintextReason(String label) {
        this.label = label;
    }

    /** The stable name used in logs, metrics and reports. */
    public String label() {
        return label;
    }
}
