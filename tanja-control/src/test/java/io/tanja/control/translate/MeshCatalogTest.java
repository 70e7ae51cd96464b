package io.tanja.control.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.state.MeshState;
import io.tanja.control.state.MeshStateBuilder;
import io.tanja.model.api.ApiObject;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.xds.ads.server.ServedResource;
import io.tanja.xds.codec.AddressResource;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.proto.istio.security.Authorization;
import io.tanja.xds.proto.istio.security.Scope;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshCatalogTest {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final String CONFIG = ResourceType.PROXY_CONFIG.url();
    private static final String ADDRESS = ResourceType.ADDRESS.url();
    private static final String POLICY = ResourceType.AUTHORIZATION_URL;
    private static final String BASE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: test}
            spec: {selector: {app: web}, clusterIP: fd00:0:0::1, ports: [{name: http, port: 80}]}
            ---
            """;

    @Test
    void findsAnIpv6AddressByItsShortestForm() {
        MeshCatalog catalog = catalog(BASE + pod("a", "fd00:1::5"), null);

        assertThat(names(catalog.find(ADDRESS, "/fd00::1")))
                .containsExactly("test/web.test.svc.cluster.local", "Kubernetes//Pod/test/a");
        assertThat(names(catalog.find(ADDRESS, "/fd00:1::5"))).containsExactly("Kubernetes//Pod/test/a");
        assertThat(names(catalog.find(ADDRESS, "test/web.test.svc.cluster.local")))
                .hasSize(2);
        assertThat(catalog.find(ADDRESS, "/fd00:1::6")).isEmpty();
        assertThat(catalog.find("type.googleapis.com/unknown", "/fd00::1")).isEmpty();
    }

    @Test
    void carriesWhatTheStateSaysToTheOtherSide() throws Exception {
        MeshCatalog catalog = catalog(BASE + pod("a", "10.0.0.5"), null);
        for (ServedResource resource : catalog.all(ADDRESS)) {
            AddressResource decoded = ResourceType.ADDRESS.decode(
                    resource.name(), resource.message().getResource().getValue());
            switch (decoded) {
                case AddressResource.OfWorkload w ->
                    assertThat(catalog.state().members().values().stream().map(Member::workload))
                            .contains(w.workload());
                case AddressResource.OfService s ->
                    assertThat(s.service()).isEqualTo(catalog.state().services().get(resource.name()));
            }
        }
        assertThat(catalog.all(ADDRESS)).hasSize(2);
    }

    @Test
    void givesTheSameVersionsWhateverTheOrderOfTheObjects() {
        String text = BASE
                + pod("a", "10.0.0.5")
                + pod("b", "10.0.0.6")
                + policy("deny", "test", "DENY", "web")
                + policy("allow", "test", "ALLOW", "web");
        List<ApiObject> objects = new ArrayList<>(read(text));
        MeshCatalog first = MeshCatalog.of("1", MeshStateBuilder.build(objects, MeshOptions.DEFAULT, null), null);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(objects, new Random(seed));
            MeshCatalog other = MeshCatalog.of("2", MeshStateBuilder.build(objects, MeshOptions.DEFAULT, null), null);
            assertThat(versions(other, ADDRESS)).as("seed %s", seed).isEqualTo(versions(first, ADDRESS));
            assertThat(other.find(CONFIG, "Kubernetes//Pod/test/a").getFirst().version())
                    .isEqualTo(first.find(CONFIG, "Kubernetes//Pod/test/a")
                            .getFirst()
                            .version());
        }
    }

    @Test
    void keepsTheResourcesThatDidNotChange() {
        MeshCatalog first = catalog(BASE + pod("a", "10.0.0.5") + pod("b", "10.0.0.6"), null);
        MeshCatalog second = catalog(BASE + pod("a", "10.0.0.5") + pod("b", "10.0.0.7"), first);

        assertThat(second.find(ADDRESS, "Kubernetes//Pod/test/a").getFirst())
                .isSameAs(first.find(ADDRESS, "Kubernetes//Pod/test/a").getFirst());
        assertThat(second.find(ADDRESS, "Kubernetes//Pod/test/b").getFirst().version())
                .isNotEqualTo(
                        first.find(ADDRESS, "Kubernetes//Pod/test/b").getFirst().version());
        assertThat(second.find(ADDRESS, "/10.0.0.6")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "test,          web,  WORKLOAD_SELECTOR, true",
        "test,          '',   NAMESPACE,         false",
        "tanja-system,  '',   GLOBAL,            false",
        "tanja-system,  web,  WORKLOAD_SELECTOR, true",
        "test,          other, WORKLOAD_SELECTOR, false",
        "elsewhere,     web,  WORKLOAD_SELECTOR, false"
    })
    void scopesLayer4Policies(String namespace, String app, Scope scope, boolean named) throws Exception {
        MeshCatalog catalog = catalog(BASE + pod("a", "10.0.0.5") + policy("p", namespace, "DENY", app), null);

        ServedResource resource = catalog.all(POLICY).iterator().next();
        Authorization sent =
                Authorization.parseFrom(resource.message().getResource().getValue());
        assertThat(resource.name()).isEqualTo(namespace + "/p");
        assertThat(sent.getScope()).isEqualTo(scope);
        var workload = io.tanja.xds.proto.istio.workload.Address.parseFrom(catalog.find(ADDRESS, "/10.0.0.5")
                        .getFirst()
                        .message()
                        .getResource()
                        .getValue())
                .getWorkload();
        assertThat(workload.getAuthorizationPoliciesList().contains(namespace + "/p"))
                .isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({
        "web,   Kubernetes//Pod/test/a,   true",
        "other, Kubernetes//Pod/test/a,   false",
        "web,   Kubernetes//Pod/test/new, true",
        "web,   Kubernetes//Pod/tes/new,  false",
        "web,   Kubernetes//Pod/other/a,  false",
        "web,   anything,                 false",
        "web,   *,                        false"
    })
    void letsAProxyReadItsOwnConfigurationOnly(String account, String key, boolean allowed) {
        MeshCatalog catalog = catalog(BASE + pod("a", "10.0.0.5"), null);
        SpiffeId caller = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/" + account);

        assertThat(catalog.refusal(caller, CONFIG, key) == null).isEqualTo(allowed);
        assertThat(catalog.refusal(caller, ADDRESS, key)).isNull();
    }

    @Test
    void buildsThousandPodsQuickly() {
        StringBuilder text = new StringBuilder(BASE);
        for (int i = 0; i < 1_000; i++) {
            text.append(pod("p" + i, "10.5." + i / 250 + "." + i % 250));
        }
        for (int i = 0; i < 50; i++) {
            text.append(policy("policy" + i, "test", "DENY", "web"));
        }
        List<ApiObject> objects = read(text.toString());
        List<Long> fresh = new ArrayList<>();
        List<Long> again = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            long begin = CPU.getCurrentThreadCpuTime();
            MeshState state = MeshStateBuilder.build(objects, MeshOptions.DEFAULT, null);
            MeshCatalog catalog = MeshCatalog.of("1", state, null);
            fresh.add((CPU.getCurrentThreadCpuTime() - begin) / 1_000);
            begin = CPU.getCurrentThreadCpuTime();
            MeshCatalog.of("2", MeshStateBuilder.build(objects, MeshOptions.DEFAULT, state), catalog);
            again.add((CPU.getCurrentThreadCpuTime() - begin) / 1_000);
            assertThat(catalog.all(ADDRESS)).hasSize(1_001);
        }
        Collections.sort(fresh);
        Collections.sort(again);
        System.out.println("measured: CPU for state and catalog of 1,000 pods, 50 policies: median " + fresh.get(7)
                + " us, first " + fresh.getLast() + " us; with an earlier catalog " + again.get(7) + " us");
    }

    private static MeshCatalog catalog(String text, @Nullable MeshCatalog before) {
        return MeshCatalog.of("1", MeshStateBuilder.build(read(text), MeshOptions.DEFAULT, null), before);
    }

    private static List<ApiObject> read(String text) {
        Manifest manifest = ManifestReader.read("test.yaml", text);
        assertThat(manifest.hasErrors()).as(manifest.problems().toString()).isFalse();
        return manifest.objects();
    }

    private static List<String> names(List<ServedResource> resources) {
        return resources.stream().map(ServedResource::name).toList();
    }

    private static List<String> versions(MeshCatalog catalog, String type) {
        return catalog.all(type).stream().map(r -> r.name() + "=" + r.version()).toList();
    }

    private static String policy(String name, String namespace, String action, String app) {
        return """
               apiVersion: security.istio.io/v1
               kind: AuthorizationPolicy
               metadata: {name: %s, namespace: %s}
               spec:
                 action: %s%s
                 rules: [{from: [{source: {namespaces: [bad]}}]}]
               ---
               """.formatted(
                name, namespace, action, app.isEmpty() ? "" : "\n  selector: {matchLabels: {app: " + app + "}}");
    }

    private static String pod(String name, String address) {
        return """
               apiVersion: v1
               kind: Pod
               metadata: {name: %s, namespace: test, labels: {app: web, security.istio.io/tlsMode: istio}}
               spec: {serviceAccountName: web, containers: [{name: main, image: nginx}]}
               status: {phase: Running, podIPs: [{ip: "%s"}], conditions: [{type: Ready, status: "True"}]}
               ---
               """.formatted(name, address);
    }
}
