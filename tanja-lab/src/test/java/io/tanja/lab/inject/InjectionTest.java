package io.tanja.lab.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class InjectionTest {
    /** The table of the compatibility notes, section 2.1: namespace labels against four kinds of pods. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    istio-injection=enabled                       | true  | true  | false | true
                    istio-injection=disabled                      | false | false | false | false
                    istio-injection=other                         | false | false | false | false
                    istio.io/rev=default                          | true  | true  | false | true
                    istio.io/rev=canary                           | false | false | false | false
                    istio-injection=enabled,istio.io/rev=other    | true  | true  | false | true
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
        "istio-injection=enabled, sidecar.istio.io/inject=maybe, '', true",
    })
    void theLabelBeatsTheAnnotation(String namespace, String label, String annotation, boolean inject) {
        assertThat(decide(namespace, label, annotation).inject()).isEqualTo(inject);
    }

    @Test
    void nothingIsInjectedWithoutTheModuleInSystemNamespacesOrOnTheHostsNetwork() {
        Map<String, String> enabled = Map.of("istio-injection", "enabled");

        assertThat(Injection.decide(false, "shop", enabled, Map.of(), Map.of(), false))
                .isEqualTo(new Injection.Decision(false, "the ModuleConfig istio is not enabled"));
        assertThat(Injection.decide(true, "kube-system", enabled, Map.of(), Map.of(), false)
                        .inject())
                .isFalse();
        assertThat(Injection.decide(true, "shop", enabled, Map.of(), Map.of(), true)
                        .inject())
                .isFalse();
        assertThat(Injection.decide(true, "shop", enabled, Map.of(), Map.of(), false)
                        .reason())
                .isEqualTo("the namespace has istio-injection=enabled");
    }

    @Test
    void anInjectedPodCarriesWhatTheMeshReads() throws IOException {
        ObjectNode tree = (ObjectNode) Yaml.single(
                "{metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: nginx}]}}", "pod");
        LabObject pod = new LabObject(new ObjectKey(Kind.POD, "shop", "web-1"), tree);

        InjectedPod.inject(pod, "web-1");

        assertThat(pod.labels())
                .containsEntry("security.istio.io/tlsMode", "istio")
                .containsEntry("service.istio.io/canonical-name", "web")
                .containsEntry("service.istio.io/canonical-revision", "v2");
        assertThat(pod.annotations())
                .containsEntry("istio.io/rev", "default")
                .containsEntry("kubectl.kubernetes.io/default-container", "nginx");
        assertThat(pod.spec()
                        .path("containers")
                        .valueStream()
                        .map(each -> each.path("name").asString("")))
                .containsExactly("nginx", "istio-proxy");
    }

    @Test
    void theUsersOwnLabelsStay() throws IOException {
        ObjectNode tree = (ObjectNode) Yaml.single(
                "{metadata: {labels: {security.istio.io/tlsMode: disabled}}, spec: {containers: [{name: a}]}}", "pod");
        LabObject pod = new LabObject(new ObjectKey(Kind.POD, "shop", "lonely"), tree);

        InjectedPod.inject(pod, "lonely");

        assertThat(pod.labels())
                .containsEntry("security.istio.io/tlsMode", "disabled")
                .containsEntry("service.istio.io/canonical-name", "lonely")
                .containsEntry("service.istio.io/canonical-revision", "latest");
    }

    private static Injection.Decision decide(String namespace, String label, String annotation) {
        return Injection.decide(true, "shop", texts(namespace), texts(label), texts(annotation), false);
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
