package io.tanja.xds.ads.client;

import java.util.List;

/**
 * Takes the resources of one type, on the client's event loop. Losing the control plane is told by {@link AdsStatus} and
 * changes no resource.
 */
public interface ResourceListener<T> {
    /**
     * A resource is new or has changed.
     *
     * @throws IllegalArgumentException if it cannot be used: it is refused with that reason, what was known before stays
     */
    void onUpdate(Received<T> resource);

    /** There is no such resource (any more); the name is a resource's or one that was asked for. */
    void onRemoved(String name);

    /** A resource came that cannot be used. What was known under that name stays in force. */
    default void onRejected(String name, List<String> aliases, String reason) {}

    /** All of one response has been told: the moment to publish a snapshot. It is acknowledged after this. */
    default void onApplied() {}

    /** The first response of this type has been applied; told once in the client's life. */
    default void onFirstResponse() {}
}
