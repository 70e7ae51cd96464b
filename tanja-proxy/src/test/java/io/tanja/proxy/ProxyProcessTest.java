package io.tanja.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.pki.TestPki;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.pem.Pem;
import io.tanja.proxy.launch.OptionsException;
import io.tanja.proxy.launch.ProxyOptions;
import io.tanja.xds.codec.ProxyConfigCodec;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.fake.FakeControlPlane;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole process against a control plane, except that nothing is redirected to it. */
class ProxyProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final TestPki pki = TestPki.create(Instant.now());
    private final SpiffeId id = pki.id("test", "web");
    private FakeControlPlane control;
    private @Nullable ProxyProcess process;

    @BeforeEach
    void start() throws IOException {
        control = FakeControlPlane.start(pki);
        Files.writeString(folder.resolve("token"), "token\n");
        Files.write(folder.resolve("root.pem"), control.rootPem());
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.close();
        }
        control.close();
    }

    private ProxyProcess process(String... more) throws IOException, OptionsException {
        List<String> flags = new ArrayList<>(List.of(
                "--control", control.target().host() + ":" + control.target().port(),
                "--control-name", FakeControlPlane.SERVER_NAME,
                "--pod", "web-1",
                "--namespace", "test",
                "--service-account", "web",
                "--token-file", folder.resolve("token").toString(),
                "--root-cert-file", folder.resolve("root.pem").toString(),
                "--bind-address", "127.0.0.1",
                "--inbound-port", "0",
                "--outbound-port", "0",
                "--ready-port", "0",
                "--stats-port", "0",
                "--merged-port", "0",
                "--access-log", folder.resolve("access.log").toString()));
        flags.addAll(List.of(more));
        ProxyProcess made = new ProxyProcess(
                ProxyOptions.read(flags, Map.of()),
                accepted -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 9),
                "test",
                0,
                InstantSource.system());
        process = made;
        return made;
    }

    private void configure() {
        Workload self = new Workload(
                "Kubernetes//Pod/test/web-1",
                new NamespacedName("test", "web-1"),
                id,
                List.of(InetAddress.getLoopbackAddress()),
                WorkloadLabels.UNKNOWN,
                true,
                InboundModes.PERMISSIVE,
                Map.of());
        ProxyConfig config = new ProxyConfig(
                self,
                InboundModes.PERMISSIVE,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(TrustDomain.CLUSTER_LOCAL),
                OutboundPolicy.ALLOW_ANY);
        control.put(ResourceType.PROXY_CONFIG.url(), self.uid(), List.of(), ProxyConfigCodec.encode(config));
    }

    private List<String> issue(IstioCertificateRequest request) {
        try {
            byte[] csr = Pem.parse("csr", request.getCsr()).getFirst().der();
            return pki.authority()
                    .issue(csr, id, Duration.ofSeconds(request.getValidityDuration()), Instant.now())
                    .asIstioChain();
        } catch (IssuanceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Void> starting(ProxyProcess process) {
        return CompletableFuture.runAsync(() -> {
            try {
                process.start();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String get(@Nullable InetSocketAddress address, String path) throws IOException {
        assertThat(address).isNotNull();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void isReadyWhenItHasIdentityAndConfigurationAndListens(String provider) throws Exception {
        ProxyProcess proxy = process("--tls-provider", provider);
        CompletableFuture<Void> start = starting(proxy);
        await().atMost(LONG).until(() -> proxy.statsAddress() != null);
        assertThat(get(proxy.readyAddress(), "/healthz/ready"))
                .startsWith("HTTP/1.1 503 ")
                .contains("configuration: not received yet", "identity: no certificate yet", "listeners: not open yet");

        configure();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get(proxy.readyAddress(), "/healthz/ready"))
                        .startsWith("HTTP/1.1 503 ")
                        .doesNotContain("configuration")
                        .contains("identity: no certificate yet"));
        assertThat(start).isNotDone();

        control.issue(this::issue);
        start.get(30, TimeUnit.SECONDS);
        assertThat(get(proxy.readyAddress(), "/healthz/ready")).startsWith("HTTP/1.1 200 ");
        assertThat(get(proxy.statsAddress(), "/stats/prometheus"))
                .contains("istio_build{component=\"proxy\",tag=\"test\"} 1")
                .contains("tanja_certificate_expiry_seconds ")
                .contains("tanja_xds_connected 1")
                .contains("tanja_access_log_dropped_total 0")
                .doesNotContain("PRIVATE KEY", "token\n");
        assertThat(control.authorizations()).containsOnly("Bearer token");
        proxy.server().inboundAddress();
    }

    @Test
    void theApplicationIsProbedWhateverTheMeshDoes() throws Exception {
        try (AppServer app = new AppServer(HttpEndToEndTest.MIRROR)) {
            String port = Integer.toString(app.address().getPort());
            ProxyProcess proxy = process(
                    "--pod-ip=127.0.0.1",
                    "--app-probes={\"/app-health/web/livez\":{\"httpGet\":{\"path\":\"/alive\",\"port\":" + port
                            + "}}}",
                    "--app-metrics={\"scrape\":\"true\",\"port\":\"" + port + "\"}");
            CompletableFuture<Void> start = starting(proxy);
            await().atMost(LONG).until(() -> proxy.mergedAddress() != null);

            assertThat(get(proxy.mergedAddress(), "/app-health/web/livez"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("GET /alive HTTP/1.1");
            assertThat(get(proxy.mergedAddress(), "/healthz/ready")).startsWith("HTTP/1.1 503 ");
            for (String path : List.of("/stats/prometheus", "/metrics")) {
                assertThat(get(proxy.mergedAddress(), path))
                        .contains("\nistio_agent_process_resident_memory_bytes ", "\ntanja_xds_connected ")
                        .contains("GET /metrics HTTP/1.1")
                        .doesNotContain("\nprocess_");
            }
            assertThat(get(proxy.statsAddress(), "/stats/prometheus"))
                    .contains("\nprocess_resident_memory_bytes ")
                    .doesNotContain("GET /metrics");
            assertThat(get(proxy.mergedAddress(), "/app-health/web/readyz")).startsWith("HTTP/1.1 404 ");
            assertThat(get(proxy.statsAddress(), "/app-health/web/livez")).startsWith("HTTP/1.1 404 ");
            assertThat(start).isNotDone();
        }
    }

    @Test
    void renewsInTheRunningProcess() throws Exception {
        configure();
        control.issue(this::issue);
        ProxyProcess proxy = process("--certificate-ttl", "3s");
        starting(proxy).get(30, TimeUnit.SECONDS);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get(proxy.statsAddress(), "/stats/prometheus"))
                        .containsPattern("tanja_certificate_renewals_total\\{result=\"success\"} [3-9]"));
        assertThat(get(proxy.readyAddress(), "/healthz/ready")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aTokenThatTheCaDoesNotAcceptIsToldAndTriedAgain() throws Exception {
        configure();
        control.refuse(io.grpc.Status.UNAUTHENTICATED.withDescription("bad token"));
        ProxyProcess proxy = process();
        CompletableFuture<Void> start = starting(proxy);
        await().atMost(LONG).until(() -> proxy.statsAddress() != null);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get(proxy.statsAddress(), "/stats/prometheus"))
                        .containsPattern("tanja_certificate_renewals_total\\{result=\"unauthenticated\"} [1-9]"));
        assertThat(start).isNotDone();

        Files.writeString(folder.resolve("token"), "fresh");
        await().atMost(LONG).until(() -> control.authorizations().contains("Bearer fresh"));
        control.issue(this::issue);
        control.refuse(null);

        start.get(30, TimeUnit.SECONDS);
        assertThat(get(proxy.readyAddress(), "/healthz/ready")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aPortInUseIsNamedWithItsFlag() throws Exception {
        configure();
        control.issue(this::issue);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            ProxyProcess pages = process("--stats-port", port);
            assertThatThrownBy(pages::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--stats-port: cannot listen on")
                    .hasMessageContaining(port);
            pages.close();
            ProxyProcess capture = process("--inbound-port", port);
            assertThatThrownBy(capture::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--inbound-port")
                    .hasMessageContaining(port);
        }
    }

    @Test
    void anAccessLogThatCannotBeWrittenIsNamedWithItsFlag() {
        assertThatThrownBy(() -> process("--access-log", "/no/such/folder/access.log"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--access-log: cannot write /no/such/folder/access.log");
    }

    @Test
    void drainsAndWritesItsLastLines() throws Exception {
        configure();
        control.issue(this::issue);
        ProxyProcess proxy = process("--drain", "200ms");
        starting(proxy).get(30, TimeUnit.SECONDS);
        InetSocketAddress inbound = proxy.server().inboundAddress();
        try (Socket open = new Socket(inbound.getAddress(), inbound.getPort())) {
            open.getOutputStream().write("\u0001\u0002\u0003 no protocol".getBytes(StandardCharsets.US_ASCII));
            await().atMost(LONG)
                    .until(() -> proxy.server().connections() > 0 || Files.size(folder.resolve("access.log")) > 0);

            proxy.drain();

            assertThat(get(proxy.readyAddress(), "/healthz/ready"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("running: draining");
        }
        proxy.close();
        assertThat(Files.readString(folder.resolve("access.log")))
                .contains("\"kind\":\"connection\"")
                .endsWith("}\n");
    }
}
