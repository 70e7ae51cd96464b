package io.tanja.model.api;

import java.util.Map;

/**
 * What a Deployment makes pods of.
 *
 * @param labels the pods' labels
 * @param annotations the pods' annotations
 * @param spec what the pods run
 */
public record PodTemplate(Map<String, String> labels, Map<String, String> annotations, PodSpec spec) {
    /** Copies the maps. */
    public PodTemplate {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
