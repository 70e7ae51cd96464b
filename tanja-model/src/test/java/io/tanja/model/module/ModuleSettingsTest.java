package io.tanja.model.module;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.ModuleConfig;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleSettingsTest {
    private static final String ALL = """
            tlsMode: Mutual
            outboundTrafficPolicyMode: RegistryOnly
            enableHTTP10: true
            proxyConfig: {holdApplicationUntilProxyStarts: true}
            sidecar:
              includeOutboundIPRanges: [10.0.0.0/8, "fd00::/8"]
              excludeOutboundIPRanges: [10.1.1.0/24]
              excludeInboundPorts: ["9100", 9101]
              excludeOutboundPorts: ["5432"]
            """;

    private final List<Problem> problems = new ArrayList<>();

    private static ModuleConfig config(String settings) {
        Manifest read = ManifestReader.read(
                "test.yaml",
                "apiVersion: deckhouse.io/v1alpha1\nkind: ModuleConfig\nmetadata: {name: istio}\nspec:\n"
                        + "  version: 2\n  enabled: true\n  settings:\n" + settings.indent(4));
        assertThat(read.problems()).isEmpty();
        return (ModuleConfig) read.objects().getFirst();
    }

    private ModuleSettings read(String settings, ModuleSettings before) {
        return ModuleSettings.read(config(settings), before, "tanja-system", problems);
    }

    @Test
    void everyServedSettingHasItsMeaning() {
        ModuleSettings settings = read(ALL, ModuleSettings.DEFAULT);

        assertThat(problems).isEmpty();
        assertThat(settings.mode()).isEqualTo(TlsMode.STRICT);
        assertThat(settings.modeSource()).isEqualTo("ModuleConfig istio tlsMode");
        assertThat(settings.outbound()).isEqualTo(OutboundPolicy.REGISTRY_ONLY);
        assertThat(settings.sidecar().http10()).isTrue();
        assertThat(settings.sidecar().hold()).isTrue();
        CaptureScope scope = settings.sidecar().scope();
        assertThat(scope.outboundAll()).isFalse();
        assertThat(scope.includeOutboundRanges())
                .containsExactly(IpBlock.parse("10.0.0.0/8"), IpBlock.parse("fd00::/8"));
        assertThat(scope.excludeOutboundRanges()).containsExactly(IpBlock.parse("10.1.1.0/24"));
        assertThat(scope.excludeInboundPorts()).containsExactly(9100, 9101);
        assertThat(scope.excludeOutboundPorts()).containsExactly(5432);
        assertThat(scope.inboundAll()).isTrue();
    }

    @Test
    void theListOfServedSettingsIsWhatIsRead() {
        ModuleConfig all = config(ALL);
        List<String> paths = new ArrayList<>();
        all.settings().forEach((name, value) -> {
            if (value instanceof Map<?, ?> group) {
                group.keySet().forEach(key -> paths.add(name + "." + key));
            } else {
                paths.add(name);
            }
        });
        assertThat(paths).containsExactlyInAnyOrderElementsOf(ModuleSettings.SERVED);
    }

    @Test
    void withoutSettingsTheDefaultsHoldWhateverHeldBefore() {
        assertThat(read("{}", read(ALL, ModuleSettings.DEFAULT))).isEqualTo(ModuleSettings.DEFAULT);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tlsMode: mutual                                             | tlsMode",
                "tlsMode: [Mutual]                                           | tlsMode",
                "tlsMode: true                                               | tlsMode",
                "outboundTrafficPolicyMode: 7                                | outboundTrafficPolicyMode",
                "enableHTTP10: 'true'                                        | enableHTTP10",
                "proxyConfig: {holdApplicationUntilProxyStarts: 1}           | proxyConfig.holdApplicationUntilProxyStarts",
                "proxyConfig: hold                                           | proxyConfig",
                "sidecar: []                                                 | sidecar",
                "sidecar: {excludeInboundPorts: 80}                          | sidecar.excludeInboundPorts",
                "sidecar: {excludeInboundPorts: ['0']}                       | sidecar.excludeInboundPorts",
                "sidecar: {excludeInboundPorts: ['']}                        | sidecar.excludeInboundPorts",
                "sidecar: {excludeOutboundPorts: ['80', {a: b}]}             | sidecar.excludeOutboundPorts",
                "sidecar: {excludeOutboundPorts: ['65536']}                  | sidecar.excludeOutboundPorts",
                "sidecar: {includeOutboundIPRanges: ['10.0.0.0/33']}         | sidecar.includeOutboundIPRanges",
                "sidecar: {includeOutboundIPRanges: '10.0.0.0/8'}            | sidecar.includeOutboundIPRanges",
                "sidecar: {excludeOutboundIPRanges: [10.0.0.0/8, db]}        | sidecar.excludeOutboundIPRanges",
            })
    void whatIsNotUnderstoodLeavesWhatHeldBefore(String settings, String field) {
        ModuleSettings before = read(ALL, ModuleSettings.DEFAULT);

        ModuleSettings after = read(settings, before);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.object()).isEqualTo("ModuleConfig istio");
            assertThat(problem.field()).isEqualTo("spec.settings." + field);
            assertThat(problem.message()).endsWith("what held before stays");
            assertThat(problem.remedy()).startsWith("write ");
        });
        switch (field) {
            case "tlsMode" -> assertThat(after.mode()).isEqualTo(TlsMode.STRICT);
            case "outboundTrafficPolicyMode" -> assertThat(after.outbound()).isEqualTo(OutboundPolicy.REGISTRY_ONLY);
            case "enableHTTP10" -> assertThat(after.sidecar().http10()).isTrue();
            case "sidecar.excludeInboundPorts" ->
                assertThat(after.sidecar().scope().excludeInboundPorts()).containsExactly(9100, 9101);
            case "sidecar.excludeOutboundPorts" ->
                assertThat(after.sidecar().scope().excludeOutboundPorts()).containsExactly(5432);
            case "sidecar.includeOutboundIPRanges" ->
                assertThat(after.sidecar().scope().includeOutboundRanges()).hasSize(2);
            case "sidecar.excludeOutboundIPRanges" ->
                assertThat(after.sidecar().scope().excludeOutboundRanges()).hasSize(1);
            default -> assertThat(after.mode()).isEqualTo(TlsMode.PERMISSIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca: {key: SECRET}", "ca: {cert: SECRET}", "ca: SECRET"})
    void aCaIsRefusedWithTheWayToPlugItInAndWithoutTellingIt(String settings) {
        assertThat(read(settings, ModuleSettings.DEFAULT)).isEqualTo(ModuleSettings.DEFAULT);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.remedy()).contains("Secret tanja-system/cacerts");
            assertThat(problem.toString()).doesNotContain("SECRET");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"tracing: {enabled: true}", "sidecar: {resources: {}}", "proxyConfig: {idleTimeout: 1h}"})
    void aSettingWithoutEffectIsTold(String settings) {
        assertThat(read(settings, ModuleSettings.DEFAULT)).isEqualTo(ModuleSettings.DEFAULT);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.message()).isEqualTo("is not served and has no effect");
        });
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0/0,names no IPv6 destination", "::/0,names no IPv4 destination", "'',names no destination"})
    void rangesThatLeaveAFamilyOutAreWarnedOf(String range, String message) {
        String list = range.isEmpty() ? "[]" : "['" + range + "']";
        ModuleSettings settings = read("sidecar: {includeOutboundIPRanges: " + list + "}", ModuleSettings.DEFAULT);

        assertThat(settings.sidecar().scope().outboundAll()).isFalse();
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .startsWith(message)
                        .endsWith("goes around the mesh, unencrypted"));
    }
}
