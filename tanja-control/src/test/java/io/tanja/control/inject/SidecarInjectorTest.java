package io.tanja.control.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.inject.InjectionOutcome.Injected;
import io.tanja.control.inject.InjectionOutcome.Refused;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.inject.SidecarDefaults;
import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarInjectorTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final InjectionSettings SETTINGS = new InjectionSettings(
            InjectionSettings.DEFAULT_IMAGE,
            TrustDomain.CLUSTER_LOCAL,
            "tanja-system",
            "Kubernetes",
            true,
            SidecarDefaults.STANDARD);

    private final SidecarInjector injector = new SidecarInjector(SETTINGS, JSON);

    /** The whole pod against a file that people can read; what is made is left in the build folder. */
    @ParameterizedTest
    @ValueSource(strings = {"webserver", "probes", "classic"})
    void thePodIsAsTheFileShowsIt(String name) throws Exception {
        Injected injected = injected(JSON.unmarshal(resource(name + ".yaml"), Pod.class));

        String yaml = JSON.asYaml(injected.pod());
        Path made = Path.of("target", "inject", name + ".injected.yaml");
        Files.createDirectories(made.getParent());
        Files.writeString(made, yaml);
        assertThat(yaml).isEqualTo(resource(name + ".injected.yaml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"webserver", "probes", "classic"})
    void thePatchMakesTheSamePodOfTheOneThatWasSent(String name) throws Exception {
        String sent = JSON.convertToJson(resource(name + ".yaml"));
        Pod pod = JSON.unmarshal(sent, Pod.class);
        Injected injected = injected(pod);

        List<PatchOperation> patch = injector.patch(pod, injected.pod());

        assertThat(Patching.apply(sent, JSON.asJson(patch))).isEqualTo(injected.pod());
        assertThat(patch)
                .noneMatch(operation -> operation.op().equals("remove")
                        && !operation.path().endsWith("tcpSocket")
                        && !operation.path().endsWith("grpc")
                        && !operation.path().endsWith("httpHeaders"));
        assertThat(patch)
                .as("what the author wrote and we do not touch is not sent back")
                .noneMatch(operation -> operation
                                .path()
                                .matches("/spec/(containers|initContainers|volumes|metadata)"
                                        + "|/spec|/metadata/(labels|annotations)")
                        && operation.op().equals("replace"));
    }

    @Test
    void theMeshsSettingsHoldUnlessThePodSaysOtherwise() {
        List<Problem> none = new ArrayList<>();
        CaptureScope scope = CaptureScope.read(
                "",
                Map.of(
                        "traffic.sidecar.istio.io/excludeOutboundPorts", "5432",
                        "traffic.sidecar.istio.io/excludeInboundPorts", "9100"),
                none);
        SidecarInjector configured = new SidecarInjector(
                new InjectionSettings(
                        InjectionSettings.DEFAULT_IMAGE,
                        TrustDomain.CLUSTER_LOCAL,
                        "tanja-system",
                        "Kubernetes",
                        false,
                        new SidecarDefaults(scope, true, true)),
                JSON);
        Pod pod = pod("{\"annotations\": {\"traffic.sidecar.istio.io/excludeOutboundPorts\": \"3306\"}}", "{}");

        Pod made = ((Injected) configured.inject(pod, "shop")).pod();

        assertThat(container(made.getSpec().getInitContainers(), "istio-init").getArgs())
                .contains("--exclude-inbound-ports=9100", "--exclude-outbound-ports=3306");
        Container proxy = made.getSpec().getContainers().getFirst();
        assertThat(proxy.getName()).isEqualTo("istio-proxy");
        assertThat(proxy.getLifecycle().getPostStart()).isNotNull();
        assertThat(proxy.getArgs()).contains("--http10=on");
    }

    @Test
    void fieldsThatWeDoNotKnowAreKept() {
        String sent = """
                {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"fieldOfTomorrow": {"x": [1]},
                 "containers": [{"name": "b", "image": "c", "another": null, "more": 1.50,
                  "resources": {"limits": {"cpu": "0.5", "memory": "1e3"}}}]}}
                """;
        Pod pod = JSON.unmarshal(sent, Pod.class);

        Pod patched = Patching.apply(
                sent, JSON.asJson(injector.patch(pod, injected(pod).pod())));

        assertThat(patched.getSpec().getAdditionalProperties())
                .containsEntry("fieldOfTomorrow", Map.of("x", List.of(1)));
        Container own = patched.getSpec().getContainers().getFirst();
        assertThat(own.getAdditionalProperties()).containsEntry("more", 1.5);
        assertThat(own.getResources().getLimits().get("cpu")).hasToString("0.5");
    }

    @Test
    void bothContainersMeetWhatRestrictedAsksButForTheOneCapability() {
        Pod pod = injected(pod("{}", "{\"securityContext\": {\"runAsNonRoot\": true, \"fsGroup\": 2000}}"))
                .pod();

        Container redirect = container(pod.getSpec().getInitContainers(), "istio-init");
        Container proxy = container(pod.getSpec().getInitContainers(), "istio-proxy");
        for (Container each : List.of(redirect, proxy)) {
            assertThat(each.getSecurityContext().getPrivileged()).isFalse();
            assertThat(each.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(each.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(each.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(each.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        }
        assertThat(redirect.getSecurityContext().getCapabilities().getAdd()).containsExactly("NET_ADMIN");
        assertThat(redirect.getSecurityContext().getRunAsUser()).isZero();
        assertThat(redirect.getSecurityContext().getRunAsNonRoot()).isFalse();
        assertThat(proxy.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(proxy.getSecurityContext().getRunAsUser()).isEqualTo(1337);
        assertThat(proxy.getSecurityContext().getRunAsGroup()).isEqualTo(1337);
        assertThat(proxy.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getFsGroup()).isEqualTo(2000);
    }

    /** READY counts containers, and init containers that stay. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readyCountsTwoInBothShapes(boolean nativeSidecar) {
        Pod pod = injected(annotated("sidecar.istio.io/nativeSidecar", String.valueOf(nativeSidecar)))
                .pod();

        long counted = pod.getSpec().getContainers().size()
                + pod.getSpec().getInitContainers().stream()
                        .filter(PodParts::stays)
                        .count();
        assertThat(counted).isEqualTo(2);
        List<Container> where = nativeSidecar
                ? pod.getSpec().getInitContainers()
                : pod.getSpec().getContainers();
        assertThat(container(where, "istio-proxy")
                        .getReadinessProbe()
                        .getHttpGet()
                        .getPort()
                        .getIntVal())
                .isEqualTo(15021);
    }

    @Test
    void anInjectedPodCountsAsInjectedAndAPodThatOnlyClaimsItDoesNot() {
        Pod pod = pod("{}", "{}");
        assertThat(injectionCase(injected(pod).pod())).isTrue();
        assertThat(injectionCase(injected(annotated("sidecar.istio.io/nativeSidecar", "false"))
                        .pod()))
                .isTrue();
        assertThat(injectionCase(annotated("sidecar.istio.io/status", "{}"))).isFalse();
        Pod withoutRedirect = new PodBuilder(injected(pod).pod())
                .editSpec()
                .removeMatchingFromInitContainers(each -> each.getName().equals("istio-init"))
                .endSpec()
                .build();
        assertThat(injectionCase(withoutRedirect)).isFalse();
    }

    private static boolean injectionCase(Pod pod) {
        return PodParts.injectionCase(pod, "shop", Map.of(), true, "tanja-system")
                .injected();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"securityContext": {"runAsUser": 1337}}  | spec.securityContext.runAsUser
            {"securityContext": {"runAsGroup": 1337}} | spec.securityContext.runAsGroup
            {"initContainers": [{"name": "i", "securityContext": {"runAsUser": 1337}}]} | spec.initContainers[0].securityContext.runAsUser
            {"initContainers": [{"name": "istio-init"}]} | spec.initContainers[0].name
            {"containers": [{"name": "a"}, {"name": "istio-proxy", "image": "auto"}]} | spec.containers[1].name
            {"containers": [{"name": "a", "ports": [{"containerPort": 80}, {"containerPort": 15006}]}]} | spec.containers[0].ports[1].containerPort
            {"containers": [{"name": "a", "ports": [{"containerPort": 15008}]}]} | spec.containers[0].ports[0].containerPort
            {"containers": [{"name": "a", "livenessProbe": {"httpGet": {"port": "web"}}}]} | spec.containers[0].livenessProbe.httpGet.port
            {"containers": [{"name": "a", "livenessProbe": {"tcpSocket": {"port": 0}}}]} | spec.containers[0].livenessProbe.tcpSocket.port
            {"containers": [{"name": "a", "startupProbe": {"grpc": {"port": 70000}}}]} | spec.containers[0].startupProbe.grpc.port
            {"containers": [{"name": "a", "readinessProbe": {"httpGet": {"port": 80, "scheme": "FTP"}}}]} | spec.containers[0].readinessProbe.httpGet.scheme
            {"volumes": [{"name": "istio-token"}]} | spec.volumes[0].name
            {"os": {"name": "windows"}} | spec.os.name
            {"nodeSelector": {"kubernetes.io/os": "windows"}} | spec.os.name
            """)
    void aPodThatCannotHaveOneIsRefusedByItsField(String spec, String field) {
        assertThat(refused(pod("{}", spec))).singleElement().satisfies(problem -> {
            assertThat(problem.object()).isEqualTo("Pod shop/web-*");
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.remedy()).isNotEmpty();
        });
    }

    @Test
    void aUdpPortOfThatNumberIsNobodysConcern() {
        assertThat(injected(
                                pod(
                                        "{}",
                                        "{\"containers\": [{\"name\": \"a\", \"ports\": [{\"containerPort\": 15006, \"protocol\": \"UDP\"}]}]}"))
                        .warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sidecar.istio.io/interceptionMode           | NONE
            sidecar.istio.io/interceptionMode           | TPROXY
            sidecar.istio.io/bootstrapOverride          | map
            sidecar.istio.io/discoveryAddress           | evil.example:15012
            sidecar.istio.io/userVolume                 | [{"name":"a"}]
            sidecar.istio.io/nativeSidecar              | yes
            sidecar.istio.io/rewriteAppHTTPProbers      | maybe
            sidecar.istio.io/proxyCPU                   | lots
            sidecar.istio.io/proxyMemory                | -1Gi
            sidecar.istio.io/logLevel                   | loud
            readiness.status.sidecar.istio.io/periodSeconds | 0
            readiness.status.sidecar.istio.io/initialDelaySeconds | soon
            status.sidecar.istio.io/port                | 0
            traffic.sidecar.istio.io/excludeInterfaces  | eth1
            traffic.sidecar.istio.io/kubevirtInterfaces | tap0
            traffic.sidecar.istio.io/unheardOf          | x
            traffic.sidecar.istio.io/excludeInboundPorts | http
            istio.io/reroute-virtual-interfaces         | net1
            inject.istio.io/templates                   | gateway
            proxy.istio.io/config                       | - a list
            proxy.istio.io/config                       | concurrency: many
            proxy.istio.io/config                       | terminationDrainDuration: five
            proxy.istio.io/config                       | holdApplicationUntilProxyStarts: 7
            """)
    void anAnnotationThatCannotBeHonouredIsRefused(String name, String value) {
        assertThat(refused(annotated(name, value))).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("metadata.annotations[" + name + "]");
            assertThat(problem.remedy()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sidecar.istio.io/componentLogLevel, misc:error",
        "sidecar.istio.io/statsInclusionPrefixes, cluster",
        "proxy.istio.io/config, 'tracing: {}'",
        "proxy.istio.io/overrides, x",
    })
    void anAnnotationWithoutEffectIsTold(String name, String value) {
        assertThat(injected(annotated(name, value)).warnings()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.field()).isEqualTo("metadata.annotations[" + name + "]");
            assertThat(problem.message()).contains("is not served and has no effect");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sidecar.istio.io/interceptionMode, REDIRECT",
        "inject.istio.io/templates, sidecar",
        "status.sidecar.istio.io/port, 15020",
        "prometheus.istio.io/merge-metrics, false",
        "prometheus.io/port, nothing to scrape",
        "networking.istio.io/exportTo, '*'",
        "example.com/note, x",
    })
    void whatIsDoneAnyhowAndWhatIsNotOursIsTakenInSilence(String name, String value) {
        assertThat(injected(annotated(name, value)).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"shareProcessNamespace": true}    | spec.shareProcessNamespace
            {"dnsPolicy": "Default"}           | spec.dnsPolicy
            {"containers": [{"name": "a", "securityContext": {"privileged": true}}]} | spec.containers[0].securityContext
            {"containers": [{"name": "a", "securityContext": {"capabilities": {"add": ["NET_ADMIN"]}}}]} | spec.containers[0].securityContext
            """)
    void whatWeakensAPodIsTold(String spec, String field) {
        assertThat(injected(pod("{}", spec)).warnings())
                .extracting(Problem::field)
                .containsExactly(field);
    }

    @Test
    void theClassicShapeTellsItsLimits() {
        String spec = "{\"restartPolicy\": \"OnFailure\", \"initContainers\": [{\"name\": \"i\"}]}";
        String classic = "{\"annotations\": {\"sidecar.istio.io/nativeSidecar\": \"false\"}}";

        assertThat(injected(pod(classic, spec)).warnings())
                .extracting(Problem::field)
                .containsExactly("spec.initContainers", "spec.restartPolicy");
        assertThat(injected(pod("{}", spec)).warnings()).isEmpty();
    }

    /** Its startup probe would wait for the proxy, and the proxy for it. */
    @Test
    void inTheClassicShapeNoInitContainerMayWaitForTheProxy() {
        String classic = "{\"annotations\": {\"sidecar.istio.io/nativeSidecar\": \"false\"}}";
        String spec = """
                {"initContainers": [{"name": "i"}, {"name": "c", "restartPolicy": "Always", "startupProbe": {%s}}]}
                """;

        assertThat(refused(pod(classic, spec.formatted("\"tcpSocket\": {\"port\": 6379}"))))
                .extracting(Problem::field)
                .containsExactly("spec.initContainers[1]");
        assertThat(injected(pod(classic, spec.formatted("\"exec\": {\"command\": [\"ready\"]}")))
                        .warnings())
                .extracting(Problem::field)
                .containsExactly("spec.initContainers");
    }

    @Test
    void labelsOfTheAuthorStayAndAForeignTlsModeIsRefused() {
        Pod labelled = injected(
                        pod("{\"labels\": {\"service.istio.io/canonical-name\": \"mine\", \"app\": \"a\"}}", "{}"))
                .pod();
        assertThat(labelled.getMetadata().getLabels())
                .containsEntry("service.istio.io/canonical-name", "mine")
                .containsEntry("service.istio.io/canonical-revision", "latest")
                .containsEntry("security.istio.io/tlsMode", "istio")
                .containsEntry("app", "a");
        assertThat(refused(pod("{\"labels\": {\"security.istio.io/tlsMode\": \"disabled\"}}", "{}")))
                .extracting(Problem::field)
                .containsExactly("metadata.labels[security.istio.io/tlsMode]");
    }

    @Test
    void probesStayWhenTheAuthorWantsThat() {
        Pod pod = pod(
                "{\"annotations\": {\"sidecar.istio.io/rewriteAppHTTPProbers\": \"false\"}}",
                "{\"containers\": [{\"name\": \"a\", \"livenessProbe\": {\"httpGet\": {\"port\": 80}}}]}");

        Pod injected = injected(pod).pod();

        assertThat(injected.getSpec().getContainers()).isEqualTo(pod.getSpec().getContainers());
        assertThat(container(injected.getSpec().getInitContainers(), "istio-proxy")
                        .getEnv())
                .noneMatch(variable -> variable.getName().equals("ISTIO_KUBE_APP_PROBERS"));
    }

    @Test
    void aProbeThatAsksTheProxyAnyhowStays() {
        Pod pod = pod("{}", """
                {"containers": [{"name": "a", "livenessProbe": {"httpGet": {"port": 15020}},
                 "readinessProbe": {"tcpSocket": {"port": 15020}}, "startupProbe": {"grpc": {"port": 15020}}}]}
                """);

        assertThat(injected(pod).pod().getSpec().getContainers())
                .isEqualTo(pod.getSpec().getContainers());
    }

    @Test
    void prometheusIsSentToTheProxyUnlessTheAuthorKnowsBetter() {
        Map<String, String> own = Map.of("prometheus.io/scrape", "true", "prometheus.io/port", "9100");
        assertThat(scrape(own))
                .containsExactly("true", "15020", "/stats/prometheus", "{\"scrape\":\"true\",\"port\":\"9100\"}");
        assertThat(scrape(Map.of())).containsExactly("true", "15020", "/stats/prometheus", "");
        assertThat(scrape(Map.of("prometheus.io/scrape", "false", "prometheus.io/port", "9100")))
                .containsExactly("false", "9100", "", "");
        assertThat(scrape(Map.of("prometheus.io/scrape", "true", "prometheus.io/port", "15020")))
                .containsExactly("true", "15020", "", "");
        assertThat(scrape(Map.of("prometheus.io/scrape", "true", "prometheus.io/port", "web")))
                .containsExactly("true", "15020", "/stats/prometheus", "");
    }

    private List<String> scrape(Map<String, String> annotations) {
        Pod pod = pod("{}", "{}");
        pod.getMetadata().setAnnotations(annotations);
        Pod injected = injected(pod).pod();
        Map<String, String> now = injected.getMetadata().getAnnotations();
        String application = container(injected.getSpec().getInitContainers(), "istio-proxy").getEnv().stream()
                .filter(variable -> variable.getName().equals("ISTIO_PROMETHEUS_ANNOTATIONS"))
                .map(variable -> variable.getValue())
                .findFirst()
                .orElse("");
        return List.of(
                now.getOrDefault("prometheus.io/scrape", ""),
                now.getOrDefault("prometheus.io/port", ""),
                now.getOrDefault("prometheus.io/path", ""),
                application);
    }

    @Test
    void nullsOfJsonAreNothing() {
        Pod pod = JSON.unmarshal("""
                {"kind": "Pod", "apiVersion": "v1",
                 "metadata": {"name": "a", "labels": null, "annotations": {"k": null}, "ownerReferences": null},
                 "spec": {"containers": [{"name": "b", "ports": null, "env": null, "lifecycle": {"preStop": null}}],
                  "initContainers": null, "volumes": null, "securityContext": null}}
                """, Pod.class);

        assertThat(injected(pod).pod().getSpec().getContainers()).hasSize(1);
    }

    private static Container container(List<Container> containers, String name) {
        return containers.stream()
                .filter(c -> c.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Injected injected(Pod pod) {
        InjectionOutcome outcome = injector.inject(pod, "shop");
        assertThat(outcome).isInstanceOf(Injected.class);
        return (Injected) outcome;
    }

    private List<Problem> refused(Pod pod) {
        InjectionOutcome outcome = injector.inject(pod, "shop");
        assertThat(outcome).isInstanceOf(Refused.class);
        return ((Refused) outcome).problems();
    }

    private static Pod annotated(String name, String value) {
        Pod pod = pod("{}", "{}");
        pod.getMetadata().setAnnotations(Map.of(name, value));
        return pod;
    }

    /** A pod with this metadata and spec, and a container unless there is one. */
    private static Pod pod(String metadata, String spec) {
        Pod pod = JSON.unmarshal("{\"metadata\": " + metadata + ", \"spec\": " + spec + "}", Pod.class);
        pod.setKind("Pod");
        pod.setApiVersion("v1");
        pod.getMetadata().setGenerateName("web-");
        if (pod.getSpec().getContainers().isEmpty()) {
            pod.getSpec().setContainers(List.of(new Container()));
            pod.getSpec().getContainers().getFirst().setName("main");
        }
        return pod;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SidecarInjectorTest.class.getResourceAsStream("/inject/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
