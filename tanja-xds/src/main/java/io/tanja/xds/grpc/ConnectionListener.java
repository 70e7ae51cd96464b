package io.tanja.xds.grpc;

/** What is told of a connection, on its event loop. */
public interface ConnectionListener {
    /** The peer takes no new calls; running ones may finish. */
    default void onGoAway(String reason) {}

    /** The connection is gone. Told exactly once, after the end of its calls. */
    default void onClosed(String reason) {}
}
