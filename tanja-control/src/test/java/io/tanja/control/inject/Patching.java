package io.tanja.control.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.UncheckedIOException;

/** Applies JSON patches by a library that is not ours. */
public final class Patching {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Patching() {}

    /** The pod that a patch makes of another one, all as JSON. */
    public static Pod apply(String pod, String patch) {
        try {
            return JSON.treeToValue(JsonPatch.apply(JSON.readTree(patch), JSON.readTree(pod)), Pod.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
