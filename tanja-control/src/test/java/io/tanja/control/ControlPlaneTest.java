package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.xds.ads.server.FakeProxy;
import io.tanja.xds.ads.server.PushStatus;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the manifest folder to what a proxy receives over TLS. */
class ControlPlaneTest {
    private static final String CONFIG = ResourceType.PROXY_CONFIG.url();
    private static final String ADDRESS = ResourceType.ADDRESS.url();
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: test}
            spec: {selector: {app: web}, clusterIP: 10.96.0.1, ports: [{name: http, port: 80}]}
            ---
            """;

    @TempDir
    Path temp;

    private @Nullable TestMesh started;

    @BeforeEach
    void start() throws Exception {
        started = new TestMesh(temp);
        mesh().write("pods.yaml", SERVICE + TestMesh.pod("web-1", TestMesh.ACCOUNT, "10.1.0.1"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> mesh().plane().published().catalog().state().meshed() == 1);
    }

    @AfterEach
    void stop() throws Exception {
        mesh().close();
    }

    private TestMesh mesh() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    @Test
    void bringsAChangedFileToTheProxy() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            assertThat(config(proxy.nextAcked()).modes().mode()).isEqualTo(TlsMode.PERMISSIVE);

            long begin = System.nanoTime();
            mesh().write("policy.yaml", TestMesh.peerAuthentication("STRICT"));
            ProxyConfig strict = config(proxy.nextAcked());
            long millis = (System.nanoTime() - begin) / 1_000_000;
            System.out.println("measured: file change to proxy " + millis + " ms");

            assertThat(strict.modes().mode()).isEqualTo(TlsMode.STRICT);
            assertThat(strict.modeSource(80)).isEqualTo("PeerAuthentication test/default");
            assertThat(strict.workload().meshed()).isTrue();
            assertThat(strict.ports()).containsOnlyKeys(80);
        }
    }

    @Test
    void keepsTheLastStateWhileAFileIsBroken() throws Exception {
        mesh().write("policy.yaml", TestMesh.peerAuthentication("STRICT"));
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            awaitMode(TlsMode.STRICT);
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            assertThat(config(proxy.nextAcked()).modes().mode()).isEqualTo(TlsMode.STRICT);

            mesh().write("policy.yaml", TestMesh.peerAuthentication("STRIKT"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(mesh().plane().published().problems())
                            .anySatisfy(problem -> {
                                assertThat(problem.file()).isEqualTo("policy.yaml");
                                assertThat(problem.object()).isEqualTo("PeerAuthentication test/default");
                                assertThat(problem.field()).isEqualTo("spec.mtls.mode");
                                assertThat(problem.line()).isEqualTo(4);
                            }));
            assertThat(proxy.waiting()).isZero();

            mesh().write("policy.yaml", TestMesh.peerAuthentication("DISABLE"));
            assertThat(config(proxy.nextAcked()).modes().mode()).isEqualTo(TlsMode.DISABLE);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> mesh().plane().published().problems().isEmpty());
        }
    }

    @Test
    void recordsARefusalWithItsReasonAndTellsItInTheStatusFile() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            proxy.nack(proxy.next(), "workload.uid: \"is\nodd\"");

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                PushStatus type = mesh().plane().streams().getFirst().types().getFirst();
                assertThat(type.nackReason()).contains("workload.uid").doesNotContain("\n");
                assertThat(type.versionAcked()).isNull();
                assertThat(Files.readString(mesh().status))
                        .contains("\"nack\" : \"workload.uid")
                        .contains("spiffe://cluster.local/ns/test/sa/web")
                        .contains("\"rootSha256\"")
                        .contains("\"time\"");
            });
        }
    }

    @Test
    void sendsNothingAgainToAProxyThatHasItAllAfterARestart() throws Exception {
        Map<String, String> versions;
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            Resource resource = proxy.nextAcked().getResources(0);
            versions = Map.of(resource.getName(), resource.getVersion());
            mesh().restart();
            assertThat(proxy.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        try (FakeProxy again = mesh().proxy(TestMesh.ACCOUNT)) {
            again.resubscribe(CONFIG, versions, TestMesh.uid("web-1"));
            DeltaDiscoveryResponse first = again.nextAcked();
            assertThat(first.getResourcesList()).isEmpty();
            assertThat(first.getRemovedResourcesList()).isEmpty();

            mesh().write("policy.yaml", TestMesh.peerAuthentication("STRICT"));
            assertThat(config(again.nextAcked()).modes().mode()).isEqualTo(TlsMode.STRICT);
        }
    }

    @Test
    void refusesACallWithoutAGoodToken() throws Exception {
        ManagedChannel channel = mesh().channel();
        TokenIssuer stranger = TokenIssuer.create(ControlOptions.DEFAULT_TOKEN_ISSUER, new SecureRandom());
        String forged = stranger.issue(
                new TokenSubject("test", TestMesh.ACCOUNT, "web-1", "u"),
                "istio-ca",
                Duration.ofHours(1),
                InstantSource.system().instant());
        String otherAudience = mesh().tokens
                .issue(
                        new TokenSubject("test", TestMesh.ACCOUNT, "web-1", "u"),
                        "vault",
                        Duration.ofHours(1),
                        InstantSource.system().instant());
        List<@Nullable String> bad = new ArrayList<>(List.of(forged, otherAudience, "", "no.token.atall"));
        bad.add(null);
        for (String token : bad) {
            try (FakeProxy proxy = mesh().proxy(channel, token)) {
                assertThat(proxy.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(proxy.waiting()).isZero();
            }
        }
        assertThat(mesh().plane().streams()).isEmpty();
    }

    @Test
    void refusesTheConfigurationOfAnotherAccountsProxy() throws Exception {
        try (FakeProxy proxy = mesh().proxy("other")) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            assertThat(proxy.end()).satisfies(status -> {
                assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(status.getDescription()).contains("sa/web");
            });
            assertThat(proxy.waiting()).isZero();
        }
        try (FakeProxy all = mesh().proxy(TestMesh.ACCOUNT)) {
            all.subscribe(CONFIG);
            assertThat(all.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        try (FakeProxy elsewhere = mesh().proxy(TestMesh.ACCOUNT)) {
            elsewhere.subscribe(CONFIG, "Kubernetes//Pod/other/later");
            assertThat(elsewhere.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void tellsAProxyWhoseWorkloadAppearsLaterUnlessItRunsAsSomebodyElse() throws Exception {
        try (FakeProxy mine = mesh().proxy(TestMesh.ACCOUNT);
                FakeProxy notMine = mesh().proxy(TestMesh.ACCOUNT)) {
            mine.subscribe(CONFIG, TestMesh.uid("web-2"));
            notMine.subscribe(CONFIG, TestMesh.uid("db-1"));
            assertThat(mine.nextAcked().getRemovedResourcesList()).containsExactly(TestMesh.uid("web-2"));
            assertThat(notMine.nextAcked().getRemovedResourcesList()).containsExactly(TestMesh.uid("db-1"));

            mesh().write(
                            "more.yaml",
                            TestMesh.pod("web-2", TestMesh.ACCOUNT, "10.1.0.2")
                                    + TestMesh.pod("db-1", "db", "10.1.0.3"));

            assertThat(config(mine.nextAcked()).workload().uid()).isEqualTo(TestMesh.uid("web-2"));
            assertThat(notMine.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(notMine.waiting()).isZero();
        }
    }

    @Test
    void answersAVirtualAddressWithTheServiceAndItsWorkloads() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(ADDRESS, "/10.96.0.1", "/10.9.9.9");
            DeltaDiscoveryResponse first = proxy.nextAcked();
            assertThat(names(first))
                    .containsExactlyInAnyOrder("test/web.test.svc.cluster.local", TestMesh.uid("web-1"));
            assertThat(first.getRemovedResourcesList()).containsExactly("/10.9.9.9");
            assertThat(first.getResourcesList())
                    .anySatisfy(r -> assertThat(r.getAliasesList()).containsExactly("/10.1.0.1"));

            mesh().write("more.yaml", TestMesh.pod("web-2", TestMesh.ACCOUNT, "10.9.9.9"));
            assertThat(names(proxy.nextAcked())).containsExactly(TestMesh.uid("web-2"));

            Files.delete(mesh().manifests.resolve("more.yaml"));
            assertThat(proxy.nextAcked().getRemovedResourcesList()).contains(TestMesh.uid("web-2"), "/10.9.9.9");
        }
    }

    @Test
    void answersAllToAClientThatWantsAll() throws Exception {
        mesh().write("authz.yaml", """
                        apiVersion: security.istio.io/v1
                        kind: AuthorizationPolicy
                        metadata: {name: allow, namespace: test}
                        spec: {selector: {matchLabels: {app: web}}, rules: [{from: [{source: {namespaces: [test]}}]}]}
                        """);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> mesh().plane()
                                .published()
                                .catalog()
                                .state()
                                .authorization()
                                .size()
                        == 1);
        try (FakeProxy client = mesh().proxy("ztunnel")) {
            client.subscribe(ResourceType.AUTHORIZATION_URL);
            assertThat(names(client.nextAcked())).containsExactly("test/allow");
            client.subscribe(ADDRESS);
            assertThat(names(client.nextAcked())).hasSize(2);
        }
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            assertThat(config(proxy.nextAcked()).policies()).hasSize(1);
        }
    }

    @Test
    void keepsServingWhileTheFolderIsAway() throws Exception {
        try (FakeProxy proxy = mesh().proxy(TestMesh.ACCOUNT)) {
            proxy.subscribe(CONFIG, TestMesh.uid("web-1"));
            proxy.nextAcked();
            Path away = temp.resolve("away");
            Files.move(mesh().manifests, away);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !mesh().plane().published().problems().isEmpty());
            assertThat(proxy.waiting()).isZero();

            Files.writeString(away.resolve("policy.yaml"), TestMesh.peerAuthentication("STRICT"));
            Files.move(away, mesh().manifests);
            assertThat(config(proxy.nextAcked()).modes().mode()).isEqualTo(TlsMode.STRICT);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> mesh().plane().published().problems().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200})
    void bringsAPolicyToManyProxies(int count) throws Exception {
        StringBuilder pods = new StringBuilder();
        for (int i = 0; i < count; i++) {
            pods.append(TestMesh.pod("p-" + i, TestMesh.ACCOUNT, "10.2.0." + i));
        }
        mesh().write("many.yaml", pods.toString());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> mesh().plane().published().catalog().state().meshed() == count + 1);
        ManagedChannel[] channels = {mesh().channel(), mesh().channel(), mesh().channel(), mesh().channel()};
        List<FakeProxy> proxies = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                FakeProxy proxy = mesh().proxy(channels[i % channels.length], mesh().token(TestMesh.ACCOUNT));
                proxies.add(proxy);
                proxy.subscribe(CONFIG, TestMesh.uid("p-" + i));
            }
            for (FakeProxy proxy : proxies) {
                proxy.nextAcked();
            }
            List<Long> millis = new ArrayList<>();
            long begin = System.nanoTime();
            mesh().write("policy.yaml", TestMesh.peerAuthentication("STRICT"));
            for (FakeProxy proxy : proxies) {
                assertThat(config(proxy.next()).modes().mode()).isEqualTo(TlsMode.STRICT);
                millis.add((System.nanoTime() - begin) / 1_000_000);
            }
            System.out.println("measured: file change to " + count + " proxies, median " + millis.get(count / 2)
                    + " ms, last " + millis.getLast() + " ms");
        } finally {
            proxies.forEach(FakeProxy::close);
        }
    }

    private void awaitMode(TlsMode mode) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> mesh().plane().published().catalog().state().members().values().stream()
                        .allMatch(member -> member.modes().mode() == mode));
    }

    private static List<String> names(DeltaDiscoveryResponse response) {
        return response.getResourcesList().stream().map(Resource::getName).toList();
    }

    private static ProxyConfig config(DeltaDiscoveryResponse response) throws Exception {
        assertThat(response.getTypeUrl()).isEqualTo(CONFIG);
        assertThat(response.getResourcesList()).hasSize(1);
        Resource resource = response.getResources(0);
        return ResourceType.PROXY_CONFIG.decode(
                resource.getName(), resource.getResource().getValue());
    }
}
