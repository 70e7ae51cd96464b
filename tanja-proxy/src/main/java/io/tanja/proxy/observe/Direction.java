package io.tanja.proxy.observe;

/** Which way a connection was captured; Istio's {@code reporter} label. */
public enum Direction {
    /** From outside into the pod: this proxy reports as destination. */
    INBOUND("destination"),
    /** From the application outwards: this proxy reports as source. */
    OUTBOUND("source");

    private final String reporter;

    Direction(String reporter) {
        this.reporter = reporter;
    }

    /** The value of the {@code reporter} label. */
    public String reporter() {
        return reporter;
    }
}
