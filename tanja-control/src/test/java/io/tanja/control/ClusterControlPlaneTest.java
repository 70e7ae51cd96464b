package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.control.state.MeshOptions;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.mesh.TlsMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @TempDir
    Path temp;

    private ControlOptions options(FakeApiServer server, String replica, int probes) throws Exception {
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
                new SourceOptions.Kubernetes(kubeconfig, replica, new InetSocketAddress(loopback, probes)),
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
                assertThat(probe(probes, "/readyz")).isEqualTo(200);
            }
        }
    }
}
