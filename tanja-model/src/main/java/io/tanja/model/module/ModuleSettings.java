package io.tanja.model.module;

import io.tanja.model.api.ModuleConfig;
import io.tanja.model.inject.SidecarDefaults;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * The settings of the ModuleConfig {@code istio}, with the meaning that they have in Deckhouse's module of that name.
 *
 * @param mode the mode of workloads that no PeerAuthentication speaks of
 * @param modeSource for people: what decided {@code mode}
 * @param outbound what happens to unknown destinations
 * @param sidecar what holds for new pods whose annotations do not say otherwise
 */
public record ModuleSettings(TlsMode mode, String modeSource, OutboundPolicy outbound, SidecarDefaults sidecar) {
    /** The module's name. */
    public static final String MODULE = "istio";

    /** The version of the settings' schema that is read. */
    public static final int VERSION = 2;

    /** What holds without settings. */
    public static final ModuleSettings DEFAULT =
            new ModuleSettings(TlsMode.PERMISSIVE, "default", OutboundPolicy.ALLOW_ANY, SidecarDefaults.STANDARD);

    /** The settings that have an effect, as paths below {@code spec.settings}. */
    public static final List<String> SERVED = List.of(
            "enableHTTP10",
            "outboundTrafficPolicyMode",
            "proxyConfig.holdApplicationUntilProxyStarts",
            "sidecar.excludeInboundPorts",
            "sidecar.excludeOutboundIPRanges",
            "sidecar.excludeOutboundPorts",
            "sidecar.includeOutboundIPRanges",
            "tlsMode");

    /** Settings that are known, and refused: a key in a ModuleConfig can be read by all who may read ModuleConfigs. */
    public static final List<String> REFUSED = List.of("ca.cert", "ca.chain", "ca.key", "ca.root");

    /**
     * Reads the settings. A value that is not understood is an error and leaves what held before, since a typing error must
     * not weaken a mesh. A setting without an effect is a warning, or an error where to do without it would be unsafe.
     *
     * @param before the settings that held until now
     * @param systemNamespace the control plane's namespace, for remedies
     * @param problems gets what is wrong
     */
    public static ModuleSettings read(
            ModuleConfig config, ModuleSettings before, String systemNamespace, List<Problem> problems) {
        return new SettingsReader(config, before, systemNamespace, problems).read();
    }
}
