package io.tanja.proxy.config;

import static io.tanja.proxy.config.Mesh.ip;
import static io.tanja.proxy.config.Mesh.pod;
import static io.tanja.proxy.config.Mesh.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.pki.TestPki;
import io.tanja.proxy.observe.Exposition;
import io.tanja.xds.ads.client.AdsClient;
import io.tanja.xds.ads.client.AdsSettings;
import io.tanja.xds.ads.client.Backoff;
import io.tanja.xds.codec.AddressCodec;
import io.tanja.xds.codec.ProxyConfigCodec;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.fake.ClientLoop;
import io.tanja.xds.fake.FakeControlPlane;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The view against a control plane that comes and goes. */
class SubscribedMeshViewTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static TestPki pki;

    private final EventExecutor eventLoop = new DefaultEventExecutor();
    private final AtomicInteger newConfigs = new AtomicInteger();
    private ClientLoop loop;
    private FakeControlPlane control;
    private AdsClient ads;
    private SubscribedMeshView view;

    @BeforeAll
    static void prepare() {
        pki = TestPki.create(Instant.now());
    }

    @BeforeEach
    void start() {
        loop = new ClientLoop();
        control = FakeControlPlane.start(pki);
        ads = new AdsClient(
                loop.to(control),
                new AdsSettings("sidecar~10.1.0.1~web.test~test.svc.cluster.local", "", Map.of(), LONG),
                () -> "token",
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1)),
                InstantSource.system());
        view = new SubscribedMeshView(
                loop.loop(), ads, self(TlsMode.STRICT).workload().uid(), 100, PATIENCE);
        view.onNewConfig(newConfigs::incrementAndGet);
    }

    @AfterEach
    void stop() {
        ads.close();
        control.close();
        loop.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ProxyConfig self(TlsMode mode) {
        return new ProxyConfig(
                pod("web", "10.1.0.1"),
                new InboundModes(mode, Map.of()),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(TrustDomain.CLUSTER_LOCAL),
                OutboundPolicy.ALLOW_ANY);
    }

    private void serve(ProxyConfig config) {
        control.put(
                ResourceType.PROXY_CONFIG.url(), config.workload().uid(), List.of(), ProxyConfigCodec.encode(config));
    }

    private void serve(Workload workload, String... aliases) {
        control.put(
                ResourceType.ADDRESS.url(), workload.uid(), List.of(aliases), AddressCodec.encode(workload, List.of()));
    }

    private void serve(Service service, String alias) {
        control.put(ResourceType.ADDRESS.url(), service.key(), List.of(alias), AddressCodec.encode(service));
    }

    private Lookup resolve(String address) throws Exception {
        return view.resolve(ip(address), eventLoop).get(20, TimeUnit.SECONDS);
    }

    @Test
    void theFirstConfigurationIsWaitedFor() throws Exception {
        ads.start();
        await().atMost(LONG).until(() -> !control.requests().isEmpty());
        assertThat(view.firstConfig()).isNotDone();
        assertThat(view.ownWorkload()).isNull();
        assertThatThrownBy(view::self).isInstanceOf(IllegalStateException.class);

        serve(self(TlsMode.STRICT));

        assertThat(view.firstConfig().get(20, TimeUnit.SECONDS)).isEqualTo(self(TlsMode.STRICT));
        assertThat(view.self()).isEqualTo(self(TlsMode.STRICT));
        assertThat(view.authorization().isEmpty()).isTrue();
    }

    @Test
    void addressesAreAskedForWhenNeeded() throws Exception {
        serve(service("db", "10.96.0.5"), "/10.96.0.5");
        Workload db = pod("db", "10.1.0.5", "db");
        serve(db, "/10.1.0.5", "/10.96.0.5");
        ads.start();
        assertThat(view.known(ip("10.96.0.5"))).isNull();

        assertThat(resolve("10.96.0.5")).isEqualTo(new Lookup.ServiceHit(service("db", "10.96.0.5"), List.of(db)));
        assertThat(view.known(ip("10.1.0.5"))).isEqualTo(new Lookup.WorkloadHit(db));
        assertThat(view.workload(ip("10.1.0.5"))).isEqualTo(db);
        assertThat(resolve("192.0.2.1")).isEqualTo(new Lookup.NotInMesh());
    }

    @Test
    void aCallerHasANameFromItsSecondConnectionOn() {
        Workload caller = pod("caller", "10.1.0.8");
        serve(caller, "/10.1.0.8");
        ads.start();

        assertThat(view.workload(ip("10.1.0.8"))).isNull();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(view.workload(ip("10.1.0.8"))).isEqualTo(caller));
    }

    @Test
    void whileTheControlPlaneIsAwayTheKnownStaysAndTheUnknownIsUnavailable() throws Exception {
        serve(self(TlsMode.STRICT));
        Workload known = pod("known", "10.1.0.5");
        serve(known, "/10.1.0.5");
        serve(pod("unknown", "10.1.0.6"), "/10.1.0.6");
        ads.start();
        view.firstConfig().get(20, TimeUnit.SECONDS);
        assertThat(resolve("10.1.0.5")).isEqualTo(new Lookup.WorkloadHit(known));
        assertThat(resolve("192.0.2.1")).isEqualTo(new Lookup.NotInMesh());

        control.stop();
        await().atMost(LONG).until(() -> !ads.status().connected());

        assertThat(resolve("10.1.0.5")).isEqualTo(new Lookup.WorkloadHit(known));
        assertThat(resolve("192.0.2.1")).isEqualTo(new Lookup.NotInMesh());
        assertThat(view.self()).isEqualTo(self(TlsMode.STRICT));
        assertThat(resolve("10.1.0.6"))
                .isInstanceOfSatisfying(
                        Lookup.Unavailable.class,
                        unavailable -> assertThat(unavailable.why())
                                .startsWith("no answer for /10.1.0.6 within 400 ms, the control plane is away since "));
        assertThat(page()).contains("\ntanja_xds_connected 0\n");

        serve(self(TlsMode.PERMISSIVE));
        control.remove(ResourceType.ADDRESS.url(), known.uid());
        control.restart();

        await().atMost(LONG).untilAsserted(() -> assertThat(view.self()).isEqualTo(self(TlsMode.PERMISSIVE)));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(view.known(ip("10.1.0.5"))).isEqualTo(new Lookup.NotInMesh()));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(view.known(ip("10.1.0.6"))).isInstanceOf(Lookup.WorkloadHit.class));
        assertThat(newConfigs).hasValue(2);
    }

    @Test
    void aBadConfigurationIsRefusedAndTheLastGoodOneStays() throws Exception {
        serve(self(TlsMode.STRICT));
        ads.start();
        view.firstConfig().get(20, TimeUnit.SECONDS);

        control.put(
                ResourceType.PROXY_CONFIG.url(),
                self(TlsMode.STRICT).workload().uid(),
                List.of(),
                io.tanja.xds.proto.tanja.v1.ProxyConfig.getDefaultInstance());

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(control.requests().stream()
                                .filter(DeltaDiscoveryRequest::hasErrorDetail)
                                .map(request -> request.getErrorDetail().getMessage()))
                        .anyMatch(message -> message.contains("field workload")));
        assertThat(view.self()).isEqualTo(self(TlsMode.STRICT));
        assertThat(newConfigs).hasValue(1);
        assertThat(page()).contains("\ntanja_config_refused_total 1\n");
        serve(self(TlsMode.DISABLE));
        await().atMost(LONG).untilAsserted(() -> assertThat(view.self()).isEqualTo(self(TlsMode.DISABLE)));
    }

    private String page() {
        Exposition out = new Exposition();
        view.write(out);
        return out.toString();
    }
}
