package io.tanja.model.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InjectionTest {
    private static final String ENABLED = "istio-injection=enabled";

    /** The table of the compatibility notes, section 2.1: namespace labels against four kinds of pods. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    istio-injection=enabled                       | true  | true  | false | true
                    istio-injection=disabled                      | false | false | false | false
                    istio-injection=other                         | false | false | false | false
                    istio-injection=                              | false | false | false | false
                    istio.io/rev=default                          | true  | true  | false | true
                    istio.io/rev=canary                           | false | false | false | false
                    istio-injection=enabled,istio.io/rev=other    | true  | true  | false | true
                    istio-injection=disabled,istio.io/rev=default | false | false | false | false
                    unrelated=label                               | true  | false | false | true
                    """)
    void followsTheMatrix(String namespace, boolean wanted, boolean unset, boolean unwanted, boolean revision) {
        assertThat(decide(namespace, "sidecar.istio.io/inject=true", "").inject())
                .isEqualTo(wanted);
        assertThat(decide(namespace, "", "").inject()).isEqualTo(unset);
        assertThat(decide(namespace, "sidecar.istio.io/inject=false", "").inject())
                .isEqualTo(unwanted);
        assertThat(decide(namespace, "istio.io/rev=default", "").inject()).isEqualTo(revision);
    }

    @ParameterizedTest
    @CsvSource({
        // The annotation opts out but not in; the label beats it; other values mean the default.
        "istio-injection=enabled, '', sidecar.istio.io/inject=false, false",
        "unrelated=label, '', sidecar.istio.io/inject=true, false",
        "istio-injection=enabled, sidecar.istio.io/inject=true, sidecar.istio.io/inject=false, true",
        "istio-injection=enabled, sidecar.istio.io/inject=false, sidecar.istio.io/inject=true, false",
        "istio-injection=enabled, sidecar.istio.io/inject=maybe, '', true",
        "istio-injection=enabled, sidecar.istio.io/inject=False, '', true",
        "unrelated=label, istio.io/rev=canary, '', false",
        "unrelated=label, 'istio.io/rev=canary,sidecar.istio.io/inject=true', '', false",
    })
    void theLabelBeatsTheAnnotation(String namespace, String label, String annotation, boolean inject) {
        assertThat(decide(namespace, label, annotation).inject()).isEqualTo(inject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "kube-public", "kube-node-lease", "local-path-storage", "tanja-system"})
    void namespacesThatTheClusterNeedsToHealAreNeverInjected(String namespace) {
        InjectionDecision decision = Injection.decide(new InjectionCase(
                true,
                "tanja-system",
                namespace,
                texts(ENABLED),
                texts("sidecar.istio.io/inject=true"),
                Map.of(),
                false,
                false));

        assertThat(decision)
                .isEqualTo(new InjectionDecision.Skip("the namespace " + namespace + " is never injected", false));
    }

    @Test
    void saysWhetherSomebodyMustBeToldThatAPodHasNoSidecar() {
        assertThat(Injection.decide(shop(false, false, false)))
                .isEqualTo(new InjectionDecision.Skip("the ModuleConfig istio is not enabled", true));
        assertThat(Injection.decide(shop(true, true, false)))
                .isEqualTo(new InjectionDecision.Skip("the pod uses the host's network", true));
        assertThat(Injection.decide(shop(true, false, true)))
                .isEqualTo(new InjectionDecision.Skip("the pod has its sidecar already", false));
        assertThat(decide(ENABLED, "", "sidecar.istio.io/inject=false"))
                .isEqualTo(new InjectionDecision.Skip("the pod has sidecar.istio.io/inject=false", true));
        assertThat(decide("unrelated=label", "", ""))
                .isEqualTo(new InjectionDecision.Skip("neither the namespace nor the pod asks for a sidecar", false));
    }

    @Test
    void namesWhatAskedForTheSidecar() {
        assertThat(decide(ENABLED, "", "").reason()).isEqualTo("the namespace has istio-injection=enabled");
        assertThat(decide("istio.io/rev=default", "", "").reason()).isEqualTo("the namespace has istio.io/rev=default");
        assertThat(decide("a=b", "istio.io/rev=default", "").reason()).isEqualTo("the pod has istio.io/rev=default");
        assertThat(decide("a=b", "sidecar.istio.io/inject=true", "").reason())
                .isEqualTo("the pod has sidecar.istio.io/inject=true");
    }

    private static InjectionCase shop(boolean enabled, boolean hostNetwork, boolean injected) {
        return new InjectionCase(
                enabled, "tanja-system", "shop", texts(ENABLED), Map.of(), Map.of(), hostNetwork, injected);
    }

    private static InjectionDecision decide(String namespace, String label, String annotation) {
        return Injection.decide(new InjectionCase(
                true, "tanja-system", "shop", texts(namespace), texts(label), texts(annotation), false, false));
    }

    private static Map<String, String> texts(String list) {
        Map<String, String> texts = new TreeMap<>();
        for (String each : list.split(",")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                texts.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return texts;
    }
}
