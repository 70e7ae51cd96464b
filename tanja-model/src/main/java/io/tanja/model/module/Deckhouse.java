package io.tanja.model.module;

import java.util.Map;

/** Whether Deckhouse itself serves the module {@code istio}: its namespace is there and Deckhouse's. */
public final class Deckhouse {
    /** Where Deckhouse's module runs. */
    public static final String NAMESPACE = "d8-istio";

    private Deckhouse() {}

    /** Whether this namespace tells it, by the label that Deckhouse gives to all that it makes. */
    public static boolean serves(String namespace, Map<String, String> labels) {
        return namespace.equals(NAMESPACE) && "deckhouse".equals(labels.get("heritage"));
    }
}
