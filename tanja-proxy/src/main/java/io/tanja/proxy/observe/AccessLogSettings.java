package io.tanja.proxy.observe;

/**
 * How the access log is written.
 *
 * @param format the form of a line
 * @param bufferBytes how much one event loop may have waiting, in bytes; beyond it lines are dropped and counted
 * @param pauseMillis how long the writer gathers lines before it writes them, in milliseconds
 */
public record AccessLogSettings(Format format, int bufferBytes, int pauseMillis) {
    /** JSON, 256 KiB for each event loop, 20 ms. */
    public static final AccessLogSettings DEFAULT = new AccessLogSettings(Format.JSON, 256 * 1024, 20);

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public AccessLogSettings {
        if (bufferBytes < 1024) {
            throw new IllegalArgumentException("bufferBytes must be at least 1024, is " + bufferBytes);
        }
        if (pauseMillis < 0) {
            throw new IllegalArgumentException("pauseMillis must not be negative, is " + pauseMillis);
        }
    }

    /** The form of a line. */
    public enum Format {
        /** One JSON object per line, with Istio's keys and ours. */
        JSON,
        /** Istio's default text line. */
        TEXT;

        LineFormat create() {
            return switch (this) {
                case JSON -> new JsonFormat();
                case TEXT -> new TextFormat();
            };
        }
    }
}
