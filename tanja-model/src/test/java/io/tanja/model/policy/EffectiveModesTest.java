package io.tanja.model.policy;

import static io.tanja.model.api.PeerAuthentication.Mode.DISABLE;
import static io.tanja.model.api.PeerAuthentication.Mode.PERMISSIVE;
import static io.tanja.model.api.PeerAuthentication.Mode.STRICT;
import static io.tanja.model.api.PeerAuthentication.Mode.UNSET;
import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.PeerAuthentication.Mode;
import io.tanja.model.mesh.TlsMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EffectiveModesTest {
    private static final String ROOT = "tanja-system";
    private static final Map<String, String> WEB = Map.of("app", "web");
    private static final Map<String, String> LABELS = Map.of("app", "web", "version", "v1");

    private static PeerAuthentication policy(
            String namespace,
            String name,
            int second,
            Map<String, String> selector,
            Mode mode,
            Map<Integer, Mode> ports) {
        @Nullable
        Instant created =
                second < 0 ? null : Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second);
        return new PeerAuthentication(
                new ObjectMeta(name, namespace, Map.of(), Map.of(), "", created),
                new Origin("t", 1),
                selector,
                mode,
                ports);
    }

    private static PeerAuthentication mesh(Mode mode) {
        return policy(ROOT, "mesh", 0, Map.of(), mode, Map.of());
    }

    private static PeerAuthentication ns(Mode mode) {
        return policy("test", "ns", 0, Map.of(), mode, Map.of());
    }

    private static PeerAuthentication web(Mode mode) {
        return policy("test", "web", 0, WEB, mode, Map.of());
    }

    private static EffectiveModes of(PeerAuthentication... policies) {
        return EffectiveModes.of(ROOT, "test", LABELS, List.of(policies));
    }

    static Stream<Arguments> inheritance() {
        String mesh = "PeerAuthentication tanja-system/mesh";
        String ns = "PeerAuthentication test/ns";
        String web = "PeerAuthentication test/web";
        return Stream.of(
                Arguments.of(List.of(), TlsMode.PERMISSIVE, "default"),
                Arguments.of(List.of(mesh(STRICT)), TlsMode.STRICT, mesh),
                Arguments.of(List.of(mesh(UNSET)), TlsMode.PERMISSIVE, "default"),
                Arguments.of(List.of(mesh(STRICT), ns(DISABLE)), TlsMode.DISABLE, ns),
                Arguments.of(List.of(ns(DISABLE), mesh(STRICT)), TlsMode.DISABLE, ns),
                Arguments.of(List.of(mesh(STRICT), ns(UNSET)), TlsMode.STRICT, mesh),
                Arguments.of(List.of(mesh(STRICT), web(PERMISSIVE)), TlsMode.PERMISSIVE, web),
                Arguments.of(List.of(ns(STRICT), web(UNSET)), TlsMode.STRICT, ns),
                Arguments.of(List.of(mesh(DISABLE), ns(UNSET), web(UNSET)), TlsMode.DISABLE, mesh),
                Arguments.of(List.of(mesh(DISABLE), ns(STRICT), web(PERMISSIVE)), TlsMode.PERMISSIVE, web),
                Arguments.of(
                        List.of(policy("other", "x", 0, Map.of(), STRICT, Map.of())), TlsMode.PERMISSIVE, "default"),
                Arguments.of(
                        List.of(policy("test", "x", 0, Map.of("app", "db"), STRICT, Map.of())),
                        TlsMode.PERMISSIVE,
                        "default"),
                Arguments.of(
                        List.of(policy("test", "x", 0, Map.of("app", "web", "tier", "1"), STRICT, Map.of())),
                        TlsMode.PERMISSIVE,
                        "default"),
                Arguments.of(List.of(policy("other", "x", 0, WEB, STRICT, Map.of())), TlsMode.PERMISSIVE, "default"));
    }

    @ParameterizedTest
    @MethodSource
    void inheritance(List<PeerAuthentication> policies, TlsMode mode, String source) {
        EffectiveModes modes = EffectiveModes.of(ROOT, "test", LABELS, policies);

        assertThat(modes.modes().mode()).isEqualTo(mode);
        assertThat(modes.source()).isEqualTo(Map.of(0, source));
        assertThat(modes.ignored()).isEmpty();
    }

    @Test
    void portsCountOnlyInTheWinningWorkloadPolicy() {
        EffectiveModes modes = of(
                mesh(STRICT),
                policy("test", "old", 0, WEB, UNSET, Map.of(8080, DISABLE, 9090, UNSET)),
                policy("test", "young", 9, WEB, PERMISSIVE, Map.of(7070, DISABLE)));

        assertThat(modes.modes().mode()).isEqualTo(TlsMode.STRICT);
        assertThat(modes.modes().ports()).isEqualTo(Map.of(8080, TlsMode.DISABLE, 9090, TlsMode.STRICT));
        assertThat(modes.source())
                .isEqualTo(Map.of(
                        0, "PeerAuthentication tanja-system/mesh",
                        8080, "PeerAuthentication test/old",
                        9090, "PeerAuthentication tanja-system/mesh"));
        assertThat(modes.ignored())
                .singleElement()
                .satisfies(i -> assertThat(i.policy()).isEqualTo("PeerAuthentication test/young"));
    }

    @Test
    void portsOfNamespacePoliciesDoNotCount() {
        EffectiveModes modes = of(policy("test", "ns", 0, Map.of(), STRICT, Map.of(8080, DISABLE)));

        assertThat(modes.modes().of(8080)).isEqualTo(TlsMode.STRICT);
    }

    @Test
    void theOldestWinsThenTheFirstName() {
        assertThat(of(
                                policy("test", "a", 5, Map.of(), DISABLE, Map.of()),
                                policy("test", "b", 4, Map.of(), STRICT, Map.of()))
                        .modes()
                        .mode())
                .isEqualTo(TlsMode.STRICT);
        assertThat(of(
                                policy("test", "b", 5, Map.of(), DISABLE, Map.of()),
                                policy("test", "a", 5, Map.of(), STRICT, Map.of()))
                        .modes()
                        .mode())
                .isEqualTo(TlsMode.STRICT);
        assertThat(of(
                                policy("test", "a", 0, Map.of(), DISABLE, Map.of()),
                                policy("test", "b", -1, Map.of(), STRICT, Map.of()))
                        .modes()
                        .mode())
                .isEqualTo(TlsMode.STRICT);
    }

    @Test
    void anUnsetWinnerStillShutsOutTheYounger() {
        EffectiveModes modes = of(ns(UNSET), policy("test", "younger", 1, Map.of(), STRICT, Map.of()));

        assertThat(modes.modes().mode()).isEqualTo(TlsMode.PERMISSIVE);
        assertThat(modes.ignored()).hasSize(1);
    }

    @Test
    void aSelectorInTheRootNamespaceSelectsNothing() {
        PeerAuthentication selecting = policy(ROOT, "x", 0, WEB, STRICT, Map.of());

        EffectiveModes elsewhere = of(selecting);
        EffectiveModes inRoot = EffectiveModes.of(ROOT, ROOT, LABELS, List.of(selecting));

        assertThat(elsewhere.modes().mode()).isEqualTo(TlsMode.PERMISSIVE);
        assertThat(inRoot.modes().mode()).isEqualTo(TlsMode.PERMISSIVE);
        assertThat(elsewhere.ignored())
                .containsExactly(new Ignored(
                        "PeerAuthentication tanja-system/x", "a selector in the root namespace selects no workload"));
    }

    @Test
    void theOrderOfTheListDoesNotMatter() {
        List<PeerAuthentication> policies = new ArrayList<>(List.of(
                mesh(STRICT),
                ns(UNSET),
                policy("test", "ns2", 0, Map.of(), DISABLE, Map.of()),
                policy("test", "w1", 3, WEB, PERMISSIVE, Map.of(80, STRICT)),
                policy("test", "w2", 3, WEB, DISABLE, Map.of(81, STRICT)),
                policy(ROOT, "s", 0, WEB, STRICT, Map.of())));
        EffectiveModes expected = EffectiveModes.of(ROOT, "test", LABELS, policies);
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            Collections.shuffle(policies, random);
            EffectiveModes shuffled = EffectiveModes.of(ROOT, "test", LABELS, policies);
            assertThat(shuffled.modes()).isEqualTo(expected.modes());
            assertThat(shuffled.source()).isEqualTo(expected.source());
            assertThat(shuffled.ignored()).containsExactlyInAnyOrderElementsOf(expected.ignored());
        }
    }
}
