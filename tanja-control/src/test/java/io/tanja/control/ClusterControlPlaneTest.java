package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.control.admit.Reviews;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.mesh.TlsMode;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole control plane against an API server. */
class ClusterControlPlaneTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PEERS = "apis/security.istio.io/v1/peerauthentications";

    private static final String MODULES = "apis/deckhouse.io/v1alpha1/moduleconfigs";
    private static final String WEBHOOKS = "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private static final String POD = """
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"},
             "spec": {"containers": [{"name": "main", "image": "nginx"}]}}
            """;

    @TempDir
    Path temp;

    private ControlOptions options(FakeApiServer server, String replica, int probes) throws Exception {
        return options(server, replica, probes, 0);
    }

    private ControlOptions options(FakeApiServer server, String replica, int probes, int webhooks) throws Exception {
        Path kubeconfig = temp.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(server.address()));
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new ControlOptions(
                new SourceOptions.Kubernetes(
                        kubeconfig,
                        replica,
                        new InetSocketAddress(loopback, probes),
                        new AdmissionOptions(
                                new InetSocketAddress(loopback, webhooks), "tanja", AdmissionOptions.Shape.AUTO)),
                new InetSocketAddress(loopback, 0),
                List.of(),
                new MeshOptions(MeshOptions.DEFAULT.trustDomain(), "tanja-system", "Kubernetes", false),
                null,
                Duration.ofHours(24));
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int probe(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEmpty();
            return answer.statusCode();
        }
    }

    @Test
    void twoReplicasServeOneMeshWithOneRootAndOneOfThemWrites() throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            server.store().install(PEERS);
            server.put("api/v1/namespaces", "{\"metadata\": {\"name\": \"test\"}}");
            try (ControlPlane one = ControlPlane.start(options(server, "one", 0));
                    ControlPlane two = ControlPlane.start(options(server, "two", 0))) {
                await().atMost(SOON)
                        .until(() -> server.store().get("api/v1/configmaps", "test", "istio-ca-root-cert") != null);
                Map<String, Object> secret =
                        Objects.requireNonNull(server.store().get("api/v1/secrets", "tanja-system", "tanja-ca"));
                assertThat(Json.map(secret, "data")).containsKey("ca-key.pem");
                assertThat(server.requests())
                        .filteredOn(r -> r.startsWith("POST") && r.endsWith("/secrets"))
                        .hasSize(1);

                server.put(PEERS, """
                        {"metadata": {"name": "default", "namespace": "tanja-system"}, "spec": {"mtls": {"mode": "STRICT"}}}
                        """);
                server.put("api/v1/pods", """
                        {"metadata": {"name": "web", "namespace": "test", "labels": {"security.istio.io/tlsMode": "istio"}},
                         "spec": {"containers": [{"name": "main"}]},
                         "status": {"phase": "Running", "podIP": "10.244.1.2"}}
                        """);

                for (ControlPlane plane : List.of(one, two)) {
                    await().atMost(SOON)
                            .untilAsserted(() -> assertThat(
                                            plane.published().catalog().state().member("Kubernetes//Pod/test/web"))
                                    .isNotNull()
                                    .satisfies(member ->
                                            assertThat(member.modes().mode()).isEqualTo(TlsMode.STRICT)));
                }
            }
        }
    }

    @Test
    void isReadyWhenItHasAStateAndAliveBefore() throws Exception {
        int probes = freePort();
        try (FakeApiServer server = new FakeApiServer();
                ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
            server.fail("api/v1/pods", 403);
            ControlOptions options = options(server, "one", probes);
            Future<ControlPlane> starting = starter.submit(() -> ControlPlane.start(options));
            await().atMost(SOON).ignoreExceptions().until(() -> probe(probes, "/livez") == 200);
            assertThat(probe(probes, "/readyz")).isEqualTo(503);
            assertThat(probe(probes, "/debug")).isEqualTo(404);

            server.fail("api/v1/pods", 0);
            try (ControlPlane plane = starting.get(20, TimeUnit.SECONDS)) {
                assertThat(plane.port()).isPositive();
                await().atMost(SOON).until(() -> probe(probes, "/readyz") == 200);
                assertThat(webhook(server))
                        .as("known to the API server by then")
                        .isNotEmpty();
            }
        }
    }

    /** The whole way: what is registered leads to an answer that is verified with what was registered. */
    @Test
    void thePodsOfALabelledNamespaceGetTheirSidecars() throws Exception {
        int port = freePort();
        try (FakeApiServer server = new FakeApiServer()) {
            server.store().install(MODULES);
            server.put(MODULES, module(true));
            server.put(
                    "api/v1/namespaces",
                    "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"istio-injection\": \"enabled\"}}}");
            ControlOptions options = options(server, "one", 0, port);
            try (ControlPlane plane = ControlPlane.start(options)) {
                assertThat(plane.published().catalog().state().settings().enabled())
                        .isTrue();
                await().atMost(SOON).until(() -> "Fail".equals(webhook(server).get("failurePolicy")));
                Map<String, Object> client = Json.map(webhook(server), "clientConfig");
                String roots =
                        new String(Base64.getDecoder().decode(Json.text(client, "caBundle")), StandardCharsets.UTF_8);
                assertThat(Json.map(client, "service"))
                        .containsEntry("name", "tanja-control")
                        .containsEntry("namespace", "tanja-system")
                        .containsEntry("path", "/inject");

                try (Reviews reviews = Reviews.of(port, roots)) {
                    Map<String, Object> injected = reviews.review("shop", POD);
                    assertThat(injected).containsEntry("allowed", true).containsKey("patch");
                    assertThat(patch(injected)).contains("\"restartPolicy\":\"Always\"");

                    server.put(MODULES, module(false));

                    await().atMost(SOON)
                            .until(() -> "Ignore".equals(webhook(server).get("failurePolicy")));
                    assertThat(reviews.review("shop", POD))
                            .containsEntry("allowed", true)
                            .doesNotContainKey("patch")
                            .containsEntry(
                                    "warnings",
                                    List.of("Pod shop/web gets no sidecar and is outside the mesh:"
                                            + " the ModuleConfig istio is not enabled"));
                }
            }
        }
    }

    @Test
    void whereDeckhouseServesTheModuleNothingIsWrittenButThatAndWeAreReady() throws Exception {
        int probes = freePort();
        try (FakeApiServer server = new FakeApiServer()) {
            server.store().install(MODULES);
            server.put(MODULES, module(true));
            server.put(
                    "api/v1/namespaces",
                    "{\"metadata\": {\"name\": \"d8-istio\", \"labels\": {\"heritage\": \"deckhouse\"}}}");
            try (ControlPlane plane = ControlPlane.start(options(server, "one", probes))) {
                assertThat(plane.published().catalog().state().settings().enabled())
                        .isFalse();
                await().atMost(SOON).until(() -> probe(probes, "/readyz") == 200);
                await().atMost(SOON)
                        .until(() -> String.valueOf(server.store().get(MODULES, "", "istio"))
                                .contains("ServedByDeckhouse"));
                assertThat(webhook(server)).isEmpty();
                assertThat(server.store().get("api/v1/configmaps", "d8-istio", "istio-ca-root-cert"))
                        .isNull();

                server.put("api/v1/namespaces", "{\"metadata\": {\"name\": \"d8-istio\", \"labels\": {\"a\": \"b\"}}}");
                await().atMost(SOON).until(() -> "Fail".equals(webhook(server).get("failurePolicy")));
                await().atMost(SOON)
                        .until(() -> server.store().get("api/v1/configmaps", "d8-istio", "istio-ca-root-cert") != null);
            }
        }
    }

    @Test
    void anOlderClusterGetsTheProxyAsOneMoreContainer() throws Exception {
        int port = freePort();
        try (FakeApiServer server = new FakeApiServer()) {
            server.version("32");
            server.put(
                    "api/v1/namespaces",
                    "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"istio-injection\": \"enabled\"}}}");
            try (ControlPlane plane = ControlPlane.start(options(server, "one", 0, port))) {
                assertThat(plane.port()).isPositive();
                await().atMost(SOON).until(() -> !webhook(server).isEmpty());
                String roots = new String(
                        Base64.getDecoder().decode(Json.text(Json.map(webhook(server), "clientConfig"), "caBundle")),
                        StandardCharsets.UTF_8);
                try (Reviews reviews = Reviews.of(port, roots)) {
                    assertThat(patch(reviews.review("shop", POD)))
                            .contains("\"/spec/containers/1\"")
                            .doesNotContain("\"restartPolicy\"");
                }
            }
        }
    }

    @Test
    void reviewsAreNotAnsweredBeforeThereIsAState() throws Exception {
        int port = freePort();
        int probes = freePort();
        try (FakeApiServer server = new FakeApiServer();
                ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
            server.fail("api/v1/namespaces", 403);
            ControlOptions options = options(server, "one", probes, port);
            Future<ControlPlane> starting = starter.submit(() -> ControlPlane.start(options));
            await().atMost(SOON).ignoreExceptions().until(() -> probe(probes, "/livez") == 200);

            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
            assertThat(server.store().get(WEBHOOKS, "", "tanja-sidecar-injector"))
                    .isNull();

            server.fail("api/v1/namespaces", 0);
            try (ControlPlane plane = starting.get(20, TimeUnit.SECONDS)) {
                assertThat(plane.port()).isPositive();
                new Socket(InetAddress.getLoopbackAddress(), port).close();
            }
        }
    }

    private static String module(boolean enabled) {
        return "{\"metadata\": {\"name\": \"istio\"}, \"spec\": {\"version\": 2, \"enabled\": " + enabled + "}}";
    }

    private static Map<String, Object> webhook(FakeApiServer server) {
        Map<String, Object> object = server.store().get(WEBHOOKS, "", "tanja-sidecar-injector");
        return object == null ? Map.of() : Json.maps(object, "webhooks").getFirst();
    }

    private static String patch(Map<String, Object> response) {
        return new String(Base64.getDecoder().decode(Json.text(response, "patch")), StandardCharsets.UTF_8);
    }
}
