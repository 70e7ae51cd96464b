package io.tanja.xds.ads.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the stream to the control plane is.
 *
 * @param state what it is doing
 * @param since since when
 * @param lastError why the last stream or attempt ended, safe to log; null if none has
 */
public record AdsStatus(
        State state, Instant since, @Nullable String lastError) {
    /** What the client is doing. */
    public enum State {
        /** Not started yet, or closed. */
        STOPPED,
        /** Connecting, or waiting for the control plane's first word. */
        CONNECTING,
        /** The control plane has answered on this stream. */
        CONNECTED,
        /** Waiting until the next attempt. What is known stays in force. */
        DISCONNECTED
    }

    /** Whether what is known is being kept up to date. */
    public boolean connected() {
        return state == State.CONNECTED;
    }
}
