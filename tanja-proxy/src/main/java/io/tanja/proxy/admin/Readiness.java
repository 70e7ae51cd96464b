package io.tanja.proxy.admin;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * Whether the proxy may get traffic: it has a configuration, an identity and open listeners, and it is not draining. Safe
 * for use by many threads.
 */
public final class Readiness implements Page {
    private final Map<Part, String> missing = new EnumMap<>(Part.class);

    /** What has to be there. */
    public enum Part {
        /** The sidecar's own configuration. */
        CONFIG("configuration"),
        /** A certificate. */
        IDENTITY("identity"),
        /** The capture ports. */
        LISTENERS("listeners"),
        /** There from the start, gone when the proxy drains. */
        RUNNING("running");

        private final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /** Starts with everything missing that has to come. */
    public Readiness() {
        missing.put(Part.CONFIG, "not received yet");
        missing.put(Part.IDENTITY, "no certificate yet");
        missing.put(Part.LISTENERS, "not open yet");
    }

    /** A part is there. */
    public synchronized void present(Part part) {
        missing.remove(part);
    }

    /**
     * A part is not there.
     *
     * @param part which
     * @param why one clause, shown to everybody who asks
     */
    public synchronized void missing(Part part, String why) {
        missing.put(part, why);
    }

    /** Whether nothing is missing. */
    public synchronized boolean ready() {
        return missing.isEmpty();
    }

    /** {@code ready}, or what is missing, one line for each part. */
    @Override
    public synchronized String toString() {
        if (missing.isEmpty()) {
            return "ready\n";
        }
        StringBuilder text = new StringBuilder("not ready\n");
        for (Map.Entry<Part, String> each : missing.entrySet()) {
            text.append(each.getKey().text).append(": ").append(each.getValue()).append('\n');
        }
        return text.toString();
    }

    @Override
    public Answer answer() {
        int status = ready() ? 200 : 503;
        return new Answer(status, "text/plain; charset=utf-8", toString().getBytes(StandardCharsets.UTF_8));
    }
}
