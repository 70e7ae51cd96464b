package io.tanja.lab.pod;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a container is in its life. There is no way back: the lab does not restart. */
public sealed interface ContainerState {
    /**
     * It has not begun.
     *
     * @param reason one word, as Kubernetes has it
     * @param message what it waits for or why it cannot begin; empty if there is nothing to say
     */
    record Waiting(String reason, String message) implements ContainerState {}

    /**
     * It runs.
     *
     * @param since when it began
     * @param ready whether it serves: every declared port is listened on, or the sidecar says so
     */
    record Running(Instant since, boolean ready) implements ContainerState {}

    /**
     * It has ended.
     *
     * @param exitCode its exit status; 128 plus the signal if one ended it
     * @param since when it began, null if it never did
     * @param at when it ended
     */
    record Terminated(int exitCode, @Nullable Instant since, Instant at) implements ContainerState {}

    /** Whether it serves. */
    default boolean isReady() {
        return this instanceof Running running && running.ready();
    }
}
