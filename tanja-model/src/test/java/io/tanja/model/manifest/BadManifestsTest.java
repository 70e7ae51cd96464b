package io.tanja.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadManifestsTest {
    private static final String PEER = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: p, namespace: test}
            """;
    private static final String AUTHZ = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: p, namespace: test}
            """;
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: test}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: p, namespace: test}
            """;

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(PEER + "spec: {mtls: {mode: STRCT}}", 4, "spec.mtls.mode", "did you mean STRICT?"),
                Arguments.of(PEER + "spec: {mtls: {mode: true}}", 4, "spec.mtls.mode", "put it in quotes: \"true\""),
                Arguments.of(PEER + "spec: {mtls: STRICT}", 4, "spec.mtls", "write its fields below it, indented"),
                Arguments.of(PEER + "spec:\n  mtsl:\n    mode: STRICT", 5, "spec.mtsl", "did you mean mtls?"),
                Arguments.of(PEER + "spec: {mtls: {}, portLevelMtls: {}}", 4, "spec.portLevelMtls", "8080"),
                Arguments.of(
                        PEER + "spec: {selector: {matchLabels: {a: b}}, portLevelMtls: {web: {mode: STRICT}}}",
                        4,
                        "spec.portLevelMtls.web",
                        "write a workload port from 1 to 65535"),
                Arguments.of(
                        PEER + "spec:\n  portLevelMtls:\n    80: {mode: STRICT}",
                        5,
                        "spec.portLevelMtls",
                        "add spec.selector.matchLabels"),
                Arguments.of(
                        PEER + "spec: {selector: {matchLabel: {a: b}}}",
                        4,
                        "spec.selector.matchLabel",
                        "did you mean matchLabels?"),
                Arguments.of(
                        PEER + "spec: {selector: {matchLabels: {a: \"b*\"}}}",
                        4,
                        "spec.selector.matchLabels",
                        "write the label as the pods have it"),
                Arguments.of(PEER + "sepc: {mtls: {mode: STRICT}}", 4, "sepc", "did you mean spec?"),
                Arguments.of(PEER.replace("v1\n", "v1alpha1\n"), 1, "kind", "use security.istio.io/v1"),
                Arguments.of(
                        PEER.replace("PeerAuthentication", "PeerAuthentcation"),
                        1,
                        "kind",
                        "did you mean PeerAuthentication?"),
                Arguments.of(PEER.replace("name: p", "name: P_"), 3, "metadata.name", "lower-case"),
                Arguments.of(PEER.replace("name: p,", ""), 3, "metadata.name", "add metadata.name"),
                Arguments.of(AUTHZ + "spec: {action: deny}", 4, "spec.action", "did you mean DENY?"),
                Arguments.of(AUTHZ + "spec: {action: DENY}", 4, "spec.rules", "add a rule; an empty one"),
                Arguments.of(AUTHZ + "spec: {rules: [{form: []}]}", 4, "spec.rules[0].form", "did you mean from?"),
                Arguments.of(AUTHZ + "spec: {rules: [{from: []}]}", 4, "spec.rules[0].from", "add an item"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{from: [{source: {}}]}]}",
                        4,
                        "spec.rules[0].from[0].source",
                        "add a field"),
                Arguments.of(
                        AUTHZ
                                + "spec:\n  rules:\n  - from:\n    - source:\n        principals: [a, spiffe://td/ns/a/sa/b]",
                        8,
                        "spec.rules[0].from[0].source.principals[1]",
                        "correct or remove the value"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{from: [{source: {ipBlocks: [10.0.0.0/33]}}]}]}",
                        4,
                        "spec.rules[0].from[0].source.ipBlocks[0]",
                        "correct"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]}",
                        4,
                        "spec.rules[0].from[0].source.serviceAccounts",
                        "another item"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{from: [{source: {serviceAccounts: [\"a/*\"]}}]}]}",
                        4,
                        "spec.rules[0].from[0].source.serviceAccounts[0]",
                        "correct"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{from: [{source: {trustDomains: [a]}}]}]}",
                        4,
                        "spec.rules[0].from[0].source.trustDomains",
                        "source.trustDomain"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{to: [{operation: {ports: [80]}}]}]}",
                        4,
                        "spec.rules[0].to[0].operation.ports[0]",
                        "put it in quotes: \"80\""),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{to: [{operation: {ports: [\"http\"]}}]}]}",
                        4,
                        "spec.rules[0].to[0].operation.ports[0]",
                        "correct"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{to: [{operation: {methods: GET}}]}]}",
                        4,
                        "spec.rules[0].to[0].operation.methods",
                        "begin each item with a dash"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{to: [{operation: {paths: [\"/{**}/{*}\"]}}]}]}",
                        4,
                        "spec.rules[0].to[0].operation.paths[0]",
                        "correct"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{when: [{key: source.nam, values: [a]}]}]}",
                        4,
                        "spec.rules[0].when[0].key",
                        "source.namespace"),
                Arguments.of(
                        AUTHZ + "spec: {rules: [{when: [{key: source.namespace}]}]}",
                        4,
                        "spec.rules[0].when[0]",
                        "add one of them"),
                Arguments.of(
                        AUTHZ + "spec: {action: CUSTOM, rules: [{}]}",
                        4,
                        "spec.provider",
                        "name it in spec.provider.name"),
                Arguments.of(AUTHZ + "spec: {provider: {name: x}}", 4, "spec.provider", "remove it"),
                Arguments.of(
                        AUTHZ + "spec: {selector: {matchLabels: {a: b}}, targetRefs: [{kind: Gateway, name: g}]}",
                        4,
                        "spec.selector",
                        "remove one of them"),
                Arguments.of(
                        AUTHZ.replace("namespace: test", "annotations: {istio.io/dry-run: \"yes\"}"),
                        3,
                        "metadata.annotations",
                        "\"true\" or \"false\""),
                Arguments.of(POD + "spec: {}", 4, "spec.containers", "add one with name and image"),
                Arguments.of(
                        POD + "spec: {containers: [{name: c, ports: [{containerPort: 70000}]}]}",
                        4,
                        "spec.containers[0].ports[0].containerPort",
                        "in that range"),
                Arguments.of(
                        POD + "spec: {hostNetwork: \"true\", containers: [{name: c}]}",
                        4,
                        "spec.hostNetwork",
                        "without quotes"),
                Arguments.of(
                        POD + "spec: {serviceAccountName: A B, containers: [{name: c}]}",
                        4,
                        "spec.serviceAccountName",
                        "ServiceAccount"),
                Arguments.of(
                        POD + "spec: {containers: [{name: c}]}\nstatus: {podIP: localhost}",
                        5,
                        "status.podIP",
                        "IPv4 or IPv6"),
                Arguments.of(
                        POD.replace("namespace: test", "labels: {a: \"b c\"}") + "spec: {containers: [{name: c}]}",
                        3,
                        "metadata.labels",
                        "at most 63"),
                Arguments.of(
                        POD.replace("namespace: test", "labels: {version: 1.26}") + "spec: {containers: [{name: c}]}",
                        3,
                        "metadata.labels.version",
                        "put it in quotes: \"1.26\""),
                Arguments.of(SERVICE + "spec: {}", 4, "spec.ports", "add one"),
                Arguments.of(SERVICE + "spec: {ports: [{port: 0}]}", 4, "spec.ports[0].port", "in that range"),
                Arguments.of(SERVICE + "spec: {ports: [{name: a}]}", 4, "spec.ports[0].port", "1 to 65535"),
                Arguments.of(
                        SERVICE + "spec: {ports: [{port: 80, targetPort: \"80\"}]}",
                        4,
                        "spec.ports[0].targetPort",
                        "without quotes"),
                Arguments.of(
                        SERVICE + "spec: {ports: [{port: 80}, {port: 81}]}",
                        4,
                        "spec.ports[0].name",
                        "name every port"),
                Arguments.of(SERVICE + "spec: {type: Nodeport}", 4, "spec.type", "did you mean NodePort?"),
                Arguments.of(SERVICE + "spec: {clusterIP: x, ports: [{port: 80}]}", 4, "spec.clusterIP", "None"));
    }

    @ParameterizedTest
    @MethodSource
    void errors(String text, int line, String field, String remedy) {
        Manifest manifest = ManifestReader.read("m.yaml", text);

        assertThat(manifest.objects()).isEmpty();
        assertThat(manifest.problems()).filteredOn(Problem::isError).first().satisfies(p -> {
            assertThat(p.field()).isEqualTo(field);
            assertThat(p.line()).isEqualTo(line);
            assertThat(p.remedy()).contains(remedy);
            assertThat(p.object()).isNotEmpty();
            assertThat(p.toString()).startsWith("m.yaml:" + line + ": error: " + p.object() + " " + field + ": ");
        });
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a: [", 1, ""),
                Arguments.of("kind: Pod\nkind: Pod\n", 2, "given twice"),
                Arguments.of("a: &x [*x]", 1, "contains itself"),
                Arguments.of("a: *nothing", 1, ""),
                Arguments.of("base: &b {a: b}\nx:\n  <<: *b\n", 3, "merge keys"),
                Arguments.of("? [a, b]\n: c\n", 1, "a key must be text"),
                Arguments.of("- a\n- b\n", 1, "must be a map, is a list"),
                Arguments.of("just text", 1, "must be a map, is a string"),
                Arguments.of("apiVersion: v1\n", 1, "is missing"),
                Arguments.of("kind: Pod\n", 1, "is missing"),
                Arguments.of("{".repeat(100) + "}".repeat(100), 1, ""),
                Arguments.of("[".repeat(100) + "]".repeat(100), 1, "nested deeper than 64"),
                Arguments.of("[".repeat(200_000), 1, "nested deeper than 64"),
                Arguments.of("a: \"\u0001\"", 0, ""));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String text, int line, String message) {
        Manifest manifest = ManifestReader.read("m.yaml", text);

        assertThat(manifest.objects()).isEmpty();
        assertThat(manifest.problems()).singleElement().satisfies(p -> {
            assertThat(p.isError()).isTrue();
            assertThat(p.line()).isEqualTo(line);
            assertThat(p.message()).contains(message);
        });
    }

    @Test
    void refusesBillionLaughs() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            text.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1) + "]\n");
        }

        Manifest manifest = ManifestReader.read("m.yaml", text.toString());

        assertThat(manifest.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).isEqualTo("aliases repeat more than 10000 values"));
    }

    @Test
    void refusesATextThatIsTooLong() {
        Manifest manifest = ManifestReader.read("m.yaml", "#".repeat((8 << 20) + 1));

        assertThat(manifest.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("more than 8388608 characters"));
    }

    @Test
    void keepsTheSoundObjectsBesideTheBroken() {
        Manifest manifest = ManifestReader.read("m.yaml", """
                {apiVersion: v1, kind: Namespace, metadata: {name: a}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: A}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: b}}
                ---
                a: [
                """);

        assertThat(manifest.objects()).extracting(o -> o.meta().name()).isEqualTo(List.of("a", "b"));
        assertThat(manifest.problems()).hasSize(2);
        assertThat(manifest.problems().get(0))
                .hasToString(
                        "m.yaml:3: error: Namespace A metadata.name: \"A\" is not a Kubernetes name; use lower-case letters, "
                                + "digits and inner dashes, at most 63 characters");
    }

    @Test
    void aProblemHoldsNoControlCharacters() {
        Manifest manifest = ManifestReader.read(
                "m\n.yaml",
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\\n\\u001b[31m\", \"metadata\": {\"name\": \"a\\nb\"}}");

        assertThat(manifest.problems())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.toString().chars()).allMatch(c -> c >= ' ' && c < 0x7f));
    }

    @Test
    void warnsOfWhatIsServedInPart() {
        Manifest manifest = ManifestReader.read("m.yaml", AUTHZ + """
                spec:
                  action: CUSTOM
                  provider: {name: x}
                  rules:
                  - from: [{source: {remoteIpBlocks: [10.0.0.1]}}]
                ---
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: r}
                """);

        assertThat(manifest.objects()).hasSize(1);
        assertThat(manifest.problems())
                .extracting(Problem::field)
                .containsExactly("spec.provider", "spec.rules[0].from[0].source.remoteIpBlocks", "kind");
        assertThat(manifest.hasErrors()).isFalse();
    }
}
