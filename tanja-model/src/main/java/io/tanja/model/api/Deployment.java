package io.tanja.model.api;

import java.util.Map;

/**
 * Pods of one kind, as many as asked for.
 *
 * @param replicas how many, 1 unless given
 * @param selector labels of its pods; the template has them all
 * @param template what the pods are made of
 */
public record Deployment(
        ObjectMeta meta, Origin origin, int replicas, Map<String, String> selector, PodTemplate template)
        implements ApiObject {
    /** Copies the map. */
    public Deployment {
        selector = Map.copyOf(selector);
    }
}
