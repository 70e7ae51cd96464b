package io.tanja.model.policy;

import java.util.Map;

/** Label selection as the mesh's kinds have it. */
public final class Selector {
    private Selector() {}

    /** Whether the labels have everything that the selector asks for; an empty selector asks for nothing. */
    public static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
