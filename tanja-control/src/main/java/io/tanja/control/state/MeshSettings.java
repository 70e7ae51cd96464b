package io.tanja.control.state;

import io.tanja.model.api.ModuleConfig;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.module.ModuleSettings;
import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * What the ModuleConfig {@code istio} says.
 *
 * @param enabled whether new pods get sidecars
 * @param givesWay whether they do not because Deckhouse itself serves the ModuleConfig
 * @param module its settings
 */
public record MeshSettings(boolean enabled, boolean givesWay, ModuleSettings module) {
    /** What holds without a ModuleConfig, in a mesh that needs none. */
    public static final MeshSettings DEFAULT = new MeshSettings(true, false, ModuleSettings.DEFAULT);

    /**
     * Reads the settings.
     *
     * @param configs all ModuleConfigs; those of other modules are passed over
     * @param before the settings that held until now; they stay where a value is not understood
     * @param deckhouse whether Deckhouse itself serves the module
     * @param problems gets what is wrong with them
     */
    static MeshSettings of(
            List<ModuleConfig> configs,
            MeshSettings before,
            MeshOptions options,
            boolean deckhouse,
            List<Problem> problems) {
        boolean givesWay = deckhouse && !options.besideDeckhouse();
        for (ModuleConfig config : configs) {
            if (config.meta().name().equals(ModuleSettings.MODULE)) {
                return new MeshSettings(
                        config.enabled() && !givesWay,
                        givesWay,
                        ModuleSettings.read(config, before.module, options.rootNamespace(), problems));
            }
        }
        return new MeshSettings(!options.needsModuleConfig() && !givesWay, givesWay, ModuleSettings.DEFAULT);
    }

    /** The mode of workloads that no PeerAuthentication speaks of. */
    public TlsMode mode() {
        return module.mode();
    }

    /** For people: what decided {@link #mode}. */
    String modeSource() {
        return module.modeSource();
    }

    /** What happens to unknown destinations. */
    public OutboundPolicy outbound() {
        return module.outbound();
    }
}
