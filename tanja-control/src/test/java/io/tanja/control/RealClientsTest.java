package io.tanja.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import io.tanja.xds.ads.client.AdsClient;
import io.tanja.xds.ads.client.AdsSettings;
import io.tanja.xds.ads.client.Backoff;
import io.tanja.xds.ads.client.Received;
import io.tanja.xds.ads.client.ResourceListener;
import io.tanja.xds.ca.CaClient;
import io.tanja.xds.ca.CaException;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.grpc.ControlPlaneTls;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.grpc.GrpcSettings;
import io.tanja.xds.grpc.GrpcTarget;
import io.tanja.xds.grpc.HostResolver;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane with the clients that proxies have. */
class RealClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path temp;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private @Nullable TestMesh started;

    @BeforeEach
    void start() throws Exception {
        started = new TestMesh(temp);
        mesh().write("pods.yaml", TestMesh.pod("web-1", TestMesh.ACCOUNT, "10.1.0.1"));
        await().atMost(PATIENCE)
                .until(() -> mesh().plane().published().catalog().state().meshed() == 1);
    }

    @AfterEach
    void stop() throws Exception {
        mesh().close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private TestMesh mesh() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private GrpcConnector connector() throws Exception {
        SslContext tls = ControlPlaneTls.client(mesh().root(), ControlPlaneTls.provider());
        return new GrpcConnector(
                group.next(),
                NioSocketChannel::new,
                new GrpcTarget("127.0.0.1", mesh().plane().port(), "istiod.istio-system.svc"),
                () -> tls,
                HostResolver.SYSTEM,
                GrpcSettings.DEFAULT);
    }

    @Test
    void configuresAProxyAndGoesOnAfterARestart() throws Exception {
        Configs configs = new Configs();
        AdsSettings settings = new AdsSettings("sidecar~10.1.0.1~web-1.test~x", "Kubernetes", Map.of(), PATIENCE);
        String token = mesh().token(TestMesh.ACCOUNT);
        try (AdsClient client = new AdsClient(
                connector(),
                settings,
                () -> token,
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1)),
                InstantSource.system())) {
            client.subscribe(ResourceType.PROXY_CONFIG, List.of(TestMesh.uid("web-1")), configs);
            client.start();
            configs.await(TlsMode.PERMISSIVE);
            mesh().write("policy.yaml", TestMesh.peerAuthentication("STRICT"));
            configs.await(TlsMode.STRICT);

            mesh().restart();
            await().atMost(PATIENCE)
                    .until(() -> client.status().connected()
                            && mesh().plane().streams().size() == 1
                            && mesh().plane().streams().getFirst().types().stream()
                                    .allMatch(t -> t.current()));
            assertThat(configs.received).as("nothing is sent again").hasSize(2);
            assertThat(configs.removed).isEmpty();

            mesh().write("policy.yaml", TestMesh.peerAuthentication("DISABLE"));
            configs.await(TlsMode.DISABLE);
        }
    }

    @Test
    void issuesTheIdentityOfTheTokenAndNoOther() throws Exception {
        CertificateRequest request = CertificateRequest.of(KeyPairs.ecP256(new SecureRandom()));
        CaClient client = new CaClient(connector(), () -> mesh().token(TestMesh.ACCOUNT), "Kubernetes", PATIENCE);

        List<String> chain =
                client.createCertificate(request.pem(), Duration.ofHours(1)).get(10, TimeUnit.SECONDS);

        X509Certificate leaf = Certificates.parse("chain", chain.getFirst()).getFirst();
        assertThat(leaf.getSubjectAlternativeNames())
                .singleElement()
                .satisfies(name -> assertThat(name.get(1)).isEqualTo("spiffe://cluster.local/ns/test/sa/web"));
        assertThat(chain).hasSize(2);

        CaClient stranger = new CaClient(connector(), () -> "no.good.token", "Kubernetes", PATIENCE);
        assertThat(stranger.createCertificate(request.pem(), Duration.ofHours(1)))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(CaException.class);
    }

    /** Collects what a proxy would act on. Written by the client's event loop. */
    private static final class Configs implements ResourceListener<ProxyConfig> {
        private final List<ProxyConfig> received = new CopyOnWriteArrayList<>();
        private final List<String> removed = new CopyOnWriteArrayList<>();

        @Override
        public void onUpdate(Received<ProxyConfig> resource) {
            received.add(resource.value());
        }

        @Override
        public void onRemoved(String name) {
            removed.add(name);
        }

        void await(TlsMode mode) {
            org.awaitility.Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() ->
                            !received.isEmpty() && received.getLast().modes().mode() == mode);
        }
    }
}
