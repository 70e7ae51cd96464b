package io.tanja.control.state;

import io.tanja.model.api.ModuleConfig;
import io.tanja.model.identity.Quote;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the ModuleConfig {@code istio} says, as far as the mesh serves it.
 *
 * @param enabled whether there is a mesh at all
 * @param mode the mode of workloads that no PeerAuthentication speaks of
 * @param modeSource for people: what decided {@code mode}
 * @param outbound what happens to unknown destinations
 */
public record MeshSettings(boolean enabled, TlsMode mode, String modeSource, OutboundPolicy outbound) {
    private static final String MODULE = "istio";

    /** What holds without a ModuleConfig, in a mesh that needs none. */
    public static final MeshSettings DEFAULT =
            new MeshSettings(true, TlsMode.PERMISSIVE, "default", OutboundPolicy.ALLOW_ANY);

    /**
     * Reads the settings. A value that is not understood leaves what held before: a typing error must not weaken a mesh.
     *
     * @param configs all ModuleConfigs; those of other modules are passed over
     * @param before the settings that held until now
     * @param needsModuleConfig whether the mesh is off without a ModuleConfig
     * @param problems gets what is wrong with them
     */
    static MeshSettings of(
            List<ModuleConfig> configs, MeshSettings before, boolean needsModuleConfig, List<Problem> problems) {
        for (ModuleConfig config : configs) {
            if (config.meta().name().equals(MODULE)) {
                return of(config, before, problems);
            }
        }
        return new MeshSettings(!needsModuleConfig, DEFAULT.mode, DEFAULT.modeSource, DEFAULT.outbound);
    }

    private static MeshSettings of(ModuleConfig config, MeshSettings before, List<Problem> problems) {
        TlsMode mode = DEFAULT.mode;
        String modeSource = DEFAULT.modeSource;
        OutboundPolicy outbound = DEFAULT.outbound;
        for (Map.Entry<String, Object> setting : new TreeMap<>(config.settings()).entrySet()) {
            switch (setting.getKey()) {
                case "tlsMode" -> {
                    TlsMode read =
                            value(config, setting, MeshSettings::mode, "Off, MutualPermissive, Mutual", problems);
                    mode = read == null ? before.mode : read;
                    modeSource = read == null ? before.modeSource : config.id() + " tlsMode";
                }
                case "outboundTrafficPolicyMode" -> {
                    OutboundPolicy read =
                            value(config, setting, MeshSettings::outbound, "AllowAny, RegistryOnly", problems);
                    outbound = read == null ? before.outbound : read;
                }
                default ->
                    problems.add(problem(
                            Problem.Severity.WARNING,
                            config,
                            setting.getKey(),
                            "is not served, ignored",
                            "remove it, or do without its effect"));
            }
        }
        return new MeshSettings(config.enabled(), mode, modeSource, outbound);
    }

    private static @Nullable TlsMode mode(String text) {
        return switch (text) {
            case "Off" -> TlsMode.DISABLE;
            case "MutualPermissive" -> TlsMode.PERMISSIVE;
            case "Mutual" -> TlsMode.STRICT;
            default -> null;
        };
    }

    private static @Nullable OutboundPolicy outbound(String text) {
        return switch (text) {
            case "AllowAny" -> OutboundPolicy.ALLOW_ANY;
            case "RegistryOnly" -> OutboundPolicy.REGISTRY_ONLY;
            default -> null;
        };
    }

    private static <T> @Nullable T value(
            ModuleConfig config,
            Map.Entry<String, Object> setting,
            Function<String, @Nullable T> reader,
            String choices,
            List<Problem> problems) {
        String text = String.valueOf(setting.getValue());
        T read = reader.apply(text);
        if (read == null) {
            problems.add(problem(
                    Problem.Severity.ERROR,
                    config,
                    setting.getKey(),
                    "\"" + Quote.printable(text) + "\" is not one of " + choices + "; what held before stays",
                    "write one of " + choices));
        }
        return read;
    }

    private static Problem problem(
            Problem.Severity severity, ModuleConfig config, String setting, String message, String remedy) {
        return new Problem(
                severity,
                config.origin().file(),
                config.origin().line(),
                config.id(),
                "spec.settings." + Quote.printable(setting),
                message,
                remedy);
    }
}
