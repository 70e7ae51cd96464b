package io.tanja.model.api;

import java.util.Map;

/**
 * A Deckhouse module's configuration ({@code deckhouse.io/v1alpha1}).
 *
 * @param enabled whether the module is switched on; false if it does not say
 * @param version version of the settings' schema; 0 if it does not say
 * @param settings the settings: values are String, Long, Double, Boolean, List or Map of these
 */
public record ModuleConfig(ObjectMeta meta, Origin origin, boolean enabled, int version, Map<String, Object> settings)
        implements ApiObject {
    /** Copies the map. */
    public ModuleConfig {
        settings = Map.copyOf(settings);
    }
}
