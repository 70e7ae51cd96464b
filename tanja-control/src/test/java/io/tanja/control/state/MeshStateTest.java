package io.tanja.control.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.validate.Problem;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshStateTest {
    private static final String MODULE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            """;
    private static final String WEB_SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: test}
            spec:
              selector: {app: web}
              clusterIPs: ["10.96.0.1", "fd00::1"]
              ports:
              - {name: http, port: 80, targetPort: main}
              - {name: tcp-raw, port: 9000}
              - {name: dns, port: 53, protocol: UDP}
            ---
            """;

    @Test
    void makesAWorkloadOfAMeshedPod() {
        Member member = member(MODULE + WEB_SERVICE + pod("web-1", "web", true, "{app: web, version: v2}"), "web-1");

        assertThat(member.workload().identity()).hasToString("spiffe://cluster.local/ns/test/sa/web");
        assertThat(member.workload().meshed()).isTrue();
        assertThat(member.workload().ready()).isTrue();
        assertThat(member.workload().addresses()).containsExactly(InetAddress.ofLiteral("10.1.0.1"));
        assertThat(member.workload().labels().canonicalName()).isEqualTo("web");
        assertThat(member.workload().labels().canonicalRevision()).isEqualTo("v2");
        assertThat(member.workload().labels().workload()).isEqualTo("web-1");
        assertThat(member.workload().services())
                .containsOnlyKeys("test/web.test.svc.cluster.local")
                .satisfies(services -> assertThat(services.get("test/web.test.svc.cluster.local"))
                        .containsExactly(new PortMapping(80, 8080), new PortMapping(9000, 9000)));
        assertThat(member.ports())
                .containsEntry(8080, new InboundPort(8080, AppProtocol.HTTP, "web.test.svc.cluster.local", 80))
                .containsEntry(9000, new InboundPort(9000, AppProtocol.TCP, "web.test.svc.cluster.local", 9000))
                .doesNotContainKey(53);
    }

    @ParameterizedTest
    @CsvSource({"true,  true", "true,  false", "false, true", "false, false"})
    void goesOnServingPodsWithASidecarWhenTheModuleIsSwitchedOff(boolean module, boolean injected) {
        MeshState state = state((module ? MODULE : "") + pod("p", "default", injected, "{}"));

        assertThat(find(state, "p").workload().meshed()).isEqualTo(injected);
        assertThat(state.problems().stream().anyMatch(p -> p.message().contains("mesh is off")))
                .isEqualTo(!module && injected);
    }

    @Test
    void needsNoModuleWhereTheOperatorSaysSo() {
        MeshOptions options = new MeshOptions(MeshOptions.DEFAULT.trustDomain(), "tanja-system", "c1", false);
        MeshState state =
                MeshStateBuilder.build(read(pod("p", "default", true, "{}")).objects(), options, null);

        assertThat(Objects.requireNonNull(state.member("c1//Pod/test/p"))
                        .workload()
                        .meshed())
                .isTrue();
    }

    @Test
    void neverMeansAPodOfTheHostNetworkMeshed() {
        String pod = pod("p", "default", true, "{}").replace("spec:", "spec:\n  hostNetwork: true");

        assertThat(find(state(MODULE + pod), "p").workload().meshed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Succeeded, false", "Failed, false", "Running, true", "Pending, true"})
    void leavesOutPodsThatAreOver(String phase, boolean there) {
        MeshState state = state(MODULE + pod("p", "default", true, "{}").replace("Running", phase));

        assertThat(state.members().containsKey("Kubernetes//Pod/test/p")).isEqualTo(there);
    }

    @Test
    void givesAServiceItsAddressesAndAHeadlessOneNone() {
        MeshState state = state(MODULE + WEB_SERVICE + """
                apiVersion: v1
                kind: Service
                metadata: {name: db, namespace: test}
                spec: {clusterIP: None, selector: {app: db}, ports: [{port: 3306}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: out, namespace: test}
                spec: {type: ExternalName, externalName: example.org}
                """);

        Service web = Objects.requireNonNull(state.services().get("test/web.test.svc.cluster.local"));
        assertThat(web.addresses())
                .containsExactly(InetAddress.ofLiteral("10.96.0.1"), InetAddress.ofLiteral("fd00::1"));
        assertThat(Objects.requireNonNull(web.port(80)).protocol()).isEqualTo(AppProtocol.HTTP);
        Service db = Objects.requireNonNull(state.services().get("test/db.test.svc.cluster.local"));
        assertThat(db.addresses()).isEmpty();
        assertThat(Objects.requireNonNull(db.port(3306)).protocol()).isEqualTo(AppProtocol.TCP);
        assertThat(state.services()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"Off, DISABLE", "MutualPermissive, PERMISSIVE", "Mutual, STRICT"})
    void takesTheModulesModeWhereNoPolicySpeaks(String tlsMode, TlsMode expected) {
        String module = MODULE.replace("enabled: true", "enabled: true, settings: {tlsMode: " + tlsMode + "}");
        Member member = member(module + pod("p", "default", true, "{}"), "p");

        assertThat(member.modes().mode()).isEqualTo(expected);
        assertThat(member.modeSource()).containsEntry(0, "ModuleConfig istio tlsMode");
        assertThat(Objects.requireNonNull(member.workload().inbound()).mode()).isEqualTo(expected);
    }

    @Test
    void letsAPolicyWinOverTheModulesModeEvenForOnePort() {
        String module = MODULE.replace("enabled: true", "enabled: true, settings: {tlsMode: Mutual}");
        String policy = """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: ports, namespace: test}
                spec:
                  selector: {matchLabels: {app: web}}
                  portLevelMtls: {8080: {mode: PERMISSIVE}, 9090: {mode: UNSET}}
                ---
                """;
        Member member = member(module + policy + pod("p", "default", true, "{app: web}"), "p");

        assertThat(member.modes().mode()).isEqualTo(TlsMode.STRICT);
        assertThat(member.modes().of(8080)).isEqualTo(TlsMode.PERMISSIVE);
        assertThat(member.modes().of(9090)).isEqualTo(TlsMode.STRICT);
        assertThat(member.modeSource().get(8080)).isEqualTo("PeerAuthentication test/ports");
    }

    @Test
    void keepsWhatHeldBeforeWhenASettingIsNotUnderstood() {
        MeshState strict = state(MODULE.replace(
                "enabled: true",
                "enabled: true, settings: {tlsMode: Mutual, outboundTrafficPolicyMode: RegistryOnly}"));
        MeshState typo = MeshStateBuilder.build(
                read(MODULE.replace(
                                "enabled: true",
                                "enabled: true, settings: {tlsMode: mutual, outboundTrafficPolicyMode: 7, tracing: {}}"))
                        .objects(),
                MeshOptions.DEFAULT,
                strict);

        assertThat(strict.problems()).isEmpty();
        assertThat(typo.settings().mode()).isEqualTo(TlsMode.STRICT);
        assertThat(typo.settings().outbound()).isEqualTo(OutboundPolicy.REGISTRY_ONLY);
        assertThat(typo.problems())
                .extracting(Problem::severity, Problem::field)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(Problem.Severity.ERROR, "spec.settings.tlsMode"),
                        org.assertj.core.groups.Tuple.tuple(
                                Problem.Severity.ERROR, "spec.settings.outboundTrafficPolicyMode"),
                        org.assertj.core.groups.Tuple.tuple(Problem.Severity.WARNING, "spec.settings.tracing"));
    }

    @Test
    void warnsOfAPolicyWithoutEffect() {
        MeshState state = state(MODULE + """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: b, namespace: lonely}
                spec: {mtls: {mode: STRICT}}
                ---
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: a, namespace: lonely}
                spec: {mtls: {mode: PERMISSIVE}}
                """);

        assertThat(state.problems()).singleElement().satisfies(p -> {
            assertThat(p.object()).isEqualTo("PeerAuthentication lonely/b");
            assertThat(p.message()).contains("PeerAuthentication lonely/a");
        });
    }

    @Test
    void letsTheFirstServiceByNameDecideAPortThatTwoDeclare() {
        String second = WEB_SERVICE.replace("name: web,", "name: another,").replace("name: http", "name: tcp");
        Member member = member(MODULE + WEB_SERVICE + second + pod("p", "default", true, "{app: web}"), "p");

        assertThat(Objects.requireNonNull(member.ports().get(8080)).serviceHost())
                .isEqualTo("another.test.svc.cluster.local");
        assertThat(member.workload().services()).hasSize(2);
    }

    private static String pod(String name, String account, boolean injected, String labels) {
        String all = injected
                ? labels.replace("{", "{security.istio.io/tlsMode: istio, ").replace(", }", "}")
                : labels;
        return """
               apiVersion: v1
               kind: Pod
               metadata:
                 name: %s
                 namespace: test
                 labels: %s
               spec:
                 serviceAccountName: %s
                 containers:
                 - name: main
                   image: nginx
                   ports: [{name: main, containerPort: 8080}]
               status:
                 phase: Running
                 podIPs: [{ip: 10.1.0.1}]
                 conditions: [{type: Ready, status: "True"}]
               ---
               """.formatted(name, all, account);
    }

    private static Manifest read(String text) {
        Manifest manifest = ManifestReader.read("test.yaml", text);
        assertThat(manifest.hasErrors()).as(manifest.problems().toString()).isFalse();
        return manifest;
    }

    private static MeshState state(String text) {
        return MeshStateBuilder.build(read(text).objects(), MeshOptions.DEFAULT, null);
    }

    private static Member member(String text, String pod) {
        return find(state(text), pod);
    }

    private static Member find(MeshState state, String pod) {
        @Nullable Member member = state.member("Kubernetes//Pod/test/" + pod);
        return Objects.requireNonNull(member, "no such pod");
    }
}
