package io.tanja.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.proxy.launch.ProxyOptions;
import io.tanja.proxy.redirect.CaptureTrial;
import io.tanja.proxy.redirect.RedirectMain;
import io.tanja.proxy.redirect.Tool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectCommandTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String POD = """
            containers:
            - {name: main, image: nginx}
            """;

    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String manifest, String... flags) throws Exception {
        Path file = Files.writeString(temp.resolve("in.yaml"), manifest);
        String[] args = Stream.concat(Stream.of("inject", "-f", file.toString()), Arrays.stream(flags))
                .toArray(String[]::new);
        return TanjaCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static String indent(int spaces, String text) {
        return text.indent(spaces);
    }

    @ParameterizedTest
    @CsvSource({
        "v1, Pod, 0, spec:",
        "apps/v1, Deployment, 6, 'spec:\n  template:\n    spec:'",
        "apps/v1, StatefulSet, 6, 'spec:\n  template:\n    spec:'",
        "apps/v1, DaemonSet, 6, 'spec:\n  template:\n    spec:'",
        "apps/v1, ReplicaSet, 6, 'spec:\n  template:\n    spec:'",
        "v1, ReplicationController, 6, 'spec:\n  template:\n    spec:'",
        "batch/v1, Job, 6, 'spec:\n  template:\n    spec:'",
        "batch/v1, CronJob, 10, 'spec:\n  schedule: 0 0 * * *\n  jobTemplate:\n    spec:\n      template:\n        spec:'",
    })
    void everyKindThatHasAPodGetsASidecar(String version, String kind, int depth, String path) throws Exception {
        String manifest = "apiVersion: %s\nkind: %s\nmetadata: {name: web}\n%s\n%s"
                .formatted(version, kind, path, indent(Math.max(2, depth), POD));

        assertThat(run(manifest, "-n", "shop", "--image", "registry.test/t:1")).isZero();

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains(
                        "name: \"istio-init\"", "name: \"istio-proxy\"", "registry.test/t:1", "kind: \"" + kind + "\"")
                .contains("service.istio.io/canonical-name: \"web\"");
        // What is there already is not put there twice.
        String once = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run(once)).isZero();
        assertThat(out.toString()).isEqualTo(once);
        assertThat(err.toString()).contains("the pod has its sidecar already");
    }

    @Test
    void whatHasNoPodIsPrintedAsItWasWritten() throws Exception {
        String service = """
                # The service.
                apiVersion: v1
                kind: Service   # with a comment
                metadata: {name: web}
                data: |
                  a: ---b
                """;
        String foreign =
                "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nspec: {template: {spec: {containers: []}}}\n";
        String optedOut = """
                apiVersion: v1
                kind: Pod
                metadata: {name: a, labels: {sidecar.istio.io/inject: "false"}}
                spec: {containers: [{name: main}]}
                """;

        assertThat(run("---\n" + service + "---\n# nothing\n---\n" + foreign + "--- \n" + optedOut))
                .isZero();

        assertThat(out.toString()).isEqualTo(service + "---\n# nothing\n---\n" + foreign + "---\n" + optedOut);
        assertThat(err.toString())
                .contains(
                        "in.yaml:15: warning: Pod default/a: gets no sidecar: the pod has sidecar.istio.io/inject=false");
    }

    @Test
    void aListKeepsItsOrderAndItsOtherItems() throws Exception {
        assertThat(run("""
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: "1"}}
                - {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: main}]}}
                """)).isZero();

        assertThat(out.toString()).containsSubsequence("ConfigMap", "kind: \"Pod\"", "istio-proxy");
    }

    @Test
    void nothingIsPrintedIfAPodCannotHaveASidecar() throws Exception {
        assertThat(run("""
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop}
                spec: {template: {spec: {securityContext: {runAsUser: 1337}, containers: [{name: main}]}}}
                """)).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("in.yaml:5: error: Pod shop/web-* spec.securityContext.runAsUser: 1337");
    }

    @ParameterizedTest
    @CsvSource({
        "'a: [', is not a YAML mapping",
        "just text, is not a YAML mapping",
        "'{apiVersion: v1, kind: Pod, metadata: {name: a}}', has no readable pod",
        "'{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: 7}}', has no readable pod",
    })
    void whatCannotBeReadIsToldWithItsPlace(String manifest, String message) throws Exception {
        assertThat(run(manifest)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("in.yaml:1: error: ", message);
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        int status = TanjaCommand.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute("inject", "-f", temp.resolve("none.yaml").toString());
        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains("none.yaml");
    }

    /** The injector writes flags that the proxy's module reads; neither sees the other. */
    @Test
    void theProcessesUnderstandWhatTheContainersTellThem() throws Exception {
        assertThat(run("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop}
                spec:
                  template:
                    metadata:
                      annotations:
                        traffic.sidecar.istio.io/includeInboundPorts: ""
                        traffic.sidecar.istio.io/excludeInboundPorts: "9090"
                        traffic.sidecar.istio.io/includeOutboundIPRanges: 10.0.0.0/8,fd00::/8
                        traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.9.0.1
                        traffic.sidecar.istio.io/includeOutboundPorts: "443"
                        traffic.sidecar.istio.io/excludeOutboundPorts: "5432,6379"
                        sidecar.istio.io/logLevel: debug
                        proxy.istio.io/config: '{terminationDrainDuration: 20s, concurrency: 1}'
                    spec: {containers: [{name: main}]}
                """, "--trust-domain", "mesh.example", "--root-namespace", "mesh", "--cluster", "c2"))
                .isZero();
        PodSpec pod = YAML.unmarshal(out.toString(), Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        Container redirect = pod.getInitContainers().getFirst();
        Container proxy = pod.getInitContainers().get(1);

        assertThat(redirect.getArgs().subList(0, 2)).containsExactly("@/app/redirect.args", "apply");
        List<String> print =
                new ArrayList<>(redirect.getArgs().subList(1, redirect.getArgs().size()));
        print.set(0, "print");
        ByteArrayOutputStream rules = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        Tool noTool = (command, input) -> {
            throw new AssertionError(command);
        };
        CaptureTrial noTrial = options -> {
            throw new AssertionError(options);
        };
        assertThat(RedirectMain.run(print, noTool, noTrial, new PrintStream(rules), new PrintStream(complaints)))
                .as(complaints.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(rules.toString(StandardCharsets.UTF_8))
                .contains("ip daddr 10.0.0.0/8 meta l4proto tcp redirect to :15001")
                .contains("ip6 daddr fd00::/8 meta l4proto tcp redirect to :15001")
                .contains("ip daddr 10.9.0.1 return")
                .contains("tcp dport { 5432, 6379 } return")
                .contains("tcp dport 443 redirect to :15001");

        assertThat(proxy.getArgs().getFirst()).isEqualTo("@/app/proxy.args");
        List<String> flags =
                new ArrayList<>(proxy.getArgs().subList(1, proxy.getArgs().size()));
        Path file = Files.writeString(temp.resolve("file"), "");
        flags.addAll(List.of("--token-file", file.toString(), "--root-cert-file", file.toString()));
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : proxy.getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null
                            ? variable.getValue()
                            : switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
                                case "metadata.name" -> "web-1";
                                case "metadata.namespace" -> "shop";
                                case "status.podIP" -> "10.1.2.3";
                                case "spec.serviceAccountName" -> "account";
                                default -> throw new AssertionError(variable);
                            });
        }
        ProxyOptions options = ProxyOptions.read(flags, environment);

        assertThat(options.controlHost()).isEqualTo("tanja-control.mesh.svc");
        assertThat(options.controlPort()).isEqualTo(15012);
        assertThat(options.identity()).hasToString("spiffe://mesh.example/ns/shop/sa/account");
        assertThat(options.uid()).isEqualTo("c2//Pod/shop/web-1");
        assertThat(options.podIp()).isEqualTo("10.1.2.3");
        assertThat(options.drain()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.eventLoops()).isEqualTo(1);
        assertThat(ProxyOptions.logLevel(flags, environment)).isEqualTo("debug");
    }
}
