package io.tanja.model.module;

import io.tanja.model.api.ModuleConfig;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.identity.Quote;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.inject.SidecarDefaults;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one ModuleConfig. Used by one thread, once. */
final class SettingsReader {
    /** Settings that are maps of settings. */
    private static final Set<String> GROUPS = Set.of("sidecar", "proxyConfig", "ca");

    private static final Map<String, TlsMode> MODES =
            Map.of("Off", TlsMode.DISABLE, "MutualPermissive", TlsMode.PERMISSIVE, "Mutual", TlsMode.STRICT);
    private static final Map<String, OutboundPolicy> OUTBOUND =
            Map.of("AllowAny", OutboundPolicy.ALLOW_ANY, "RegistryOnly", OutboundPolicy.REGISTRY_ONLY);

    private final ModuleConfig config;
    private final ModuleSettings before;
    private final String systemNamespace;
    private final List<Problem> problems;
    private final SettingValues values;

    SettingsReader(ModuleConfig config, ModuleSettings before, String systemNamespace, List<Problem> problems) {
        this.config = config;
        this.before = before;
        this.systemNamespace = systemNamespace;
        this.problems = problems;
        this.values = new SettingValues(this::wrong);
    }

    ModuleSettings read() {
        ModuleSettings standard = ModuleSettings.DEFAULT;
        TlsMode mode = standard.mode();
        String modeSource = standard.modeSource();
        OutboundPolicy outbound = standard.outbound();
        CaptureScope all = CaptureScope.EVERYTHING;
        CaptureScope held = before.sidecar().scope();
        boolean outboundAll = all.outboundAll();
        List<IpBlock> include = all.includeOutboundRanges();
        List<IpBlock> exclude = all.excludeOutboundRanges();
        Set<Integer> excludeInbound = all.excludeInboundPorts();
        Set<Integer> excludeOutbound = all.excludeOutboundPorts();
        boolean hold = standard.sidecar().hold();
        boolean http10 = standard.sidecar().http10();
        version();
        for (Map.Entry<String, Object> setting : settings().entrySet()) {
            String path = setting.getKey();
            Object value = setting.getValue();
            switch (path) {
                case "tlsMode" -> {
                    TlsMode read = values.choice(path, value, MODES);
                    mode = read == null ? before.mode() : read;
                    modeSource = read == null ? before.modeSource() : config.id() + " tlsMode";
                }
                case "outboundTrafficPolicyMode" ->
                    outbound = or(values.choice(path, value, OUTBOUND), before.outbound());
                case "sidecar.includeOutboundIPRanges" -> {
                    List<IpBlock> read = values.ranges(path, value);
                    outboundAll = read == null && held.outboundAll();
                    include = read == null ? held.includeOutboundRanges() : read;
                    warnOfWhatIsLeftOut(path, read);
                }
                case "sidecar.excludeOutboundIPRanges" ->
                    exclude = or(values.ranges(path, value), held.excludeOutboundRanges());
                case "sidecar.excludeInboundPorts" ->
                    excludeInbound = or(values.ports(path, value), held.excludeInboundPorts());
                case "sidecar.excludeOutboundPorts" ->
                    excludeOutbound = or(values.ports(path, value), held.excludeOutboundPorts());
                case "proxyConfig.holdApplicationUntilProxyStarts" ->
                    hold = or(values.truth(path, value), before.sidecar().hold());
                case "enableHTTP10" ->
                    http10 = or(values.truth(path, value), before.sidecar().http10());
                case "ca", "ca.cert", "ca.chain", "ca.key", "ca.root" -> refuseCa(path);
                default -> unserved(path);
            }
        }
        CaptureScope scope = new CaptureScope(
                all.inboundAll(),
                all.includeInboundPorts(),
                new TreeSet<>(excludeInbound),
                outboundAll,
                include,
                all.includeOutboundPorts(),
                exclude,
                new TreeSet<>(excludeOutbound));
        return new ModuleSettings(mode, modeSource, outbound, new SidecarDefaults(scope, hold, http10));
    }

    private static <T> T or(@Nullable T read, T held) {
        return read == null ? held : read;
    }

    /** Deckhouse converts older settings before it stores them; whoever writes another version means other settings. */
    private void version() {
        if (config.version() != ModuleSettings.VERSION && !config.settings().isEmpty()) {
            add(
                    Problem.Severity.WARNING,
                    "spec.version",
                    "is " + config.version() + "; the settings are read as those of version " + ModuleSettings.VERSION,
                    "write version: " + ModuleSettings.VERSION + " and settings of that version");
        }
    }

    /** All settings by their path, sorted. */
    private SortedMap<String, Object> settings() {
        SortedMap<String, Object> all = new TreeMap<>();
        config.settings().forEach((name, value) -> {
            if (GROUPS.contains(name) && value instanceof Map<?, ?> group) {
                group.forEach((key, inner) -> all.put(name + "." + key, inner));
            } else if (GROUPS.contains(name) && !name.equals("ca")) {
                wrong(name, value, "is not a map of settings", "write it as in the module's documentation");
            } else {
                all.put(name, value);
            }
        });
        return all;
    }

    private void warnOfWhatIsLeftOut(String path, @Nullable List<IpBlock> ranges) {
        if (ranges == null) {
            return;
        }
        boolean four = ranges.stream().anyMatch(range -> range.network().getAddress().length == 4);
        boolean six = ranges.stream().anyMatch(range -> range.network().getAddress().length == 16);
        if (!four || !six) {
            String what = four ? "IPv6 " : six ? "IPv4 " : "";
            add(
                    Problem.Severity.WARNING,
                    field(path),
                    "names no " + what + "destination: what pods send there goes around the mesh, unencrypted",
                    "add the cluster's " + what + "ranges" + (four ? ", if it has any" : ""));
        }
    }

    private void refuseCa(String path) {
        add(
                Problem.Severity.ERROR,
                field(path),
                "is not served: whoever may read ModuleConfigs could read the CA's key",
                "put the CA into Secret " + systemNamespace
                        + "/cacerts as ca-cert.pem, ca-key.pem, cert-chain.pem and root-cert.pem, and remove it here");
    }

    private void unserved(String path) {
        add(
                Problem.Severity.WARNING,
                field(path),
                "is not served and has no effect",
                "remove it, or do without its effect");
    }

    private void wrong(String path, Object value, String message, String remedy) {
        add(
                Problem.Severity.ERROR,
                field(path),
                "\"" + Quote.printable(String.valueOf(value)) + "\" " + message + "; what held before stays",
                remedy);
    }

    private static String field(String path) {
        return "spec.settings." + Quote.printable(path);
    }

    private void add(Problem.Severity severity, String field, String message, String remedy) {
        problems.add(new Problem(
                severity, config.origin().file(), config.origin().line(), config.id(), field, message, remedy));
    }
}
