package io.tanja.xds.ads.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import io.grpc.Status;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.Workload;
import io.tanja.pki.TestPki;
import io.tanja.xds.codec.AddressCodec;
import io.tanja.xds.codec.AddressResource;
import io.tanja.xds.codec.ProxyConfigCodec;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.fake.ClientLoop;
import io.tanja.xds.fake.FakeControlPlane;
import io.tanja.xds.fake.RandomMesh;
import io.tanja.xds.fake.Recorder;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a real TLS gRPC server. */
class AdsClientTest {
    private static final String ADDRESS = ResourceType.ADDRESS.url();
    private static final String CONFIG = ResourceType.PROXY_CONFIG.url();
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static TestPki pki;

    private final Recorder<AddressResource> addresses = new Recorder<>();
    private final Recorder<ProxyConfig> configs = new Recorder<>();
    private final RandomMesh mesh = new RandomMesh(42);
    private final List<AdsStatus> statuses = new CopyOnWriteArrayList<>();
    private ClientLoop loop;
    private FakeControlPlane server;
    private AdsClient client;

    @BeforeAll
    static void prepare() {
        pki = TestPki.create(Instant.now());
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }

    @BeforeEach
    void start() {
        loop = new ClientLoop();
        server = FakeControlPlane.start(pki);
        client = client(() -> "token", Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        loop.close();
    }

    private AdsClient client(Supplier<String> token, Duration firstAnswer) {
        AdsSettings settings =
                new AdsSettings("sidecar~10.0.0.1~a.ns~ns.svc.cluster.local", "c1", Map.of("NAME", "a"), firstAnswer);
        AdsClient made = new AdsClient(
                loop.to(server),
                settings,
                token,
                new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new Random(1)),
                InstantSource.fixed(NOW));
        made.observe(statuses::add);
        return made;
    }

    private ProxyConfig serveConfig() {
        ProxyConfig config = mesh.proxyConfig();
        server.put(CONFIG, config.workload().uid(), List.of(), ProxyConfigCodec.encode(config));
        return config;
    }

    private Workload serveWorkload(String... aliases) {
        Workload workload = mesh.workload();
        server.put(ADDRESS, workload.uid(), List.of(aliases), AddressCodec.encode(workload, List.of()));
        return workload;
    }

    private List<DeltaDiscoveryRequest> requests(String type) {
        return server.requests().stream()
                .filter(r -> r.getTypeUrl().equals(type))
                .toList();
    }

    @Test
    void introducesItselfAppliesAndAcknowledges() {
        ProxyConfig config = serveConfig();
        String uid = config.workload().uid();
        client.subscribe(ResourceType.PROXY_CONFIG, List.of(uid), configs);
        client.start();
        await().until(() -> requests(CONFIG).size() == 2);
        assertThat(configs.known()).containsExactly(Map.entry(uid, config));
        assertThat(configs.events()).containsExactly("update " + uid, "applied", "first");
        DeltaDiscoveryRequest first = requests(CONFIG).getFirst();
        assertThat(first.getNode().getId()).startsWith("sidecar~");
        assertThat(first.getNode().getMetadata().getFieldsOrThrow("NAME").getStringValue())
                .isEqualTo("a");
        assertThat(first.getResourceNamesSubscribeList()).containsExactly(uid);
        assertThat(first.getInitialResourceVersionsMap()).isEmpty();
        DeltaDiscoveryRequest ack = requests(CONFIG).get(1);
        assertThat(ack.getResponseNonce()).isEqualTo("n1");
        assertThat(ack.hasErrorDetail()).isFalse();
        assertThat(ack.hasNode()).isFalse();
        assertThat(server.authorizations()).containsExactly("Bearer token");
        assertThat(client.status()).isEqualTo(new AdsStatus(AdsStatus.State.CONNECTED, NOW, null));
    }

    @Test
    void wildcardIsTheEmptyListAndAnEmptyAnswerCounts() {
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.events().contains("first"));
        assertThat(requests(ADDRESS).getFirst().getResourceNamesSubscribeList()).isEmpty();
        Workload workload = serveWorkload();
        await().until(() -> addresses.known().containsKey(workload.uid()));
        server.remove(ADDRESS, workload.uid());
        await().until(() -> addresses.known().isEmpty());
        assertThat(addresses.events()).containsOnlyOnce("first");
    }

    @Test
    void asksOnDemandAndIsToldWhatDoesNotExist() {
        Subscription subscription = client.subscribe(ResourceType.ADDRESS, List.of(), addresses);
        client.subscribeAll(ResourceType.PROXY_CONFIG, configs);
        client.start();
        await().until(() -> configs.events().contains("first"));
        assertThat(requests(ADDRESS)).as("nothing is wanted, nothing is said").isEmpty();
        Workload workload = serveWorkload("/10.0.0.9");
        serveWorkload("/10.0.0.10");
        subscription.add(List.of("/10.0.0.9"));
        await().until(() -> addresses.known().containsKey(workload.uid()));
        subscription.add(List.of("/10.9.9.9"));
        await().until(() -> addresses.events().contains("removed /10.9.9.9"));
        assertThat(addresses.known()).containsOnlyKeys(workload.uid());
        subscription.remove(List.of("/10.0.0.9", workload.uid()));
        await().until(() -> requests(ADDRESS).stream()
                .anyMatch(r -> r.getResourceNamesUnsubscribeList().equals(List.of("/10.0.0.9", workload.uid()))));
        int before = requests(ADDRESS).size();
        server.stop();
        server.restart();
        // Not the last one: the server's answer may have been acknowledged already.
        await().until(() -> requests(ADDRESS).stream()
                .skip(before)
                .anyMatch(r -> r.getResourceNamesSubscribeList().equals(List.of("/10.9.9.9"))));
        assertThat(requests(ADDRESS).stream().flatMap(r -> r.getInitialResourceVersionsMap().keySet().stream()))
                .as("what was given up is not claimed")
                .doesNotContain(workload.uid());
    }

    @Test
    void refusesOneResourceAndAppliesTheRest() {
        Workload good = serveWorkload();
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.known().containsKey(good.uid()));
        server.put(ADDRESS, "c//Pod/ns/bad", List.of("/1.1.1.1"), StringValue.of("no workload"));
        Workload later = serveWorkload();
        await().until(() -> addresses.known().containsKey(later.uid()));
        await().until(() -> requests(ADDRESS).stream().anyMatch(DeltaDiscoveryRequest::hasErrorDetail));
        DeltaDiscoveryRequest nack = requests(ADDRESS).stream()
                .filter(DeltaDiscoveryRequest::hasErrorDetail)
                .findFirst()
                .orElseThrow();
        assertThat(nack.getResponseNonce()).isNotEmpty();
        assertThat(nack.getErrorDetail().getCode()).isEqualTo(3);
        assertThat(nack.getErrorDetail().getMessage()).contains("c//Pod/ns/bad", "field");
        assertThat(addresses.events()).contains("rejected c//Pod/ns/bad");
        assertThat(addresses.known()).containsOnlyKeys(good.uid(), later.uid());
        assertThat(client.status().connected()).isTrue();
    }

    @Test
    void aRefusedUpdateKeepsWhatWasKnownAndComesAgain() {
        Workload workload = serveWorkload();
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.known().containsKey(workload.uid()));
        server.put(ADDRESS, workload.uid(), List.of(), AddressCodec.encode(mesh.workload(), List.of()));
        await().until(() -> addresses.events().contains("rejected " + workload.uid()));
        assertThat(addresses.known().get(workload.uid())).isEqualTo(new AddressResource.OfWorkload(workload));
        server.stop();
        server.restart();
        await().until(() -> addresses.events().stream()
                        .filter(e -> e.startsWith("rejected"))
                        .count()
                == 2);
        assertThat(addresses.known()).containsOnlyKeys(workload.uid());
    }

    @Test
    void aListenerThatThrowsRefusesTheResource() {
        Workload workload = serveWorkload();
        client.subscribeAll(ResourceType.ADDRESS, new ResourceListener<AddressResource>() {
            @Override
            public void onUpdate(Received<AddressResource> resource) {
                throw new IllegalArgumentException("two of one address");
            }

            @Override
            public void onRemoved(String name) {
                throw new AssertionError(name);
            }
        });
        client.start();
        await().until(() -> requests(ADDRESS).stream().anyMatch(DeltaDiscoveryRequest::hasErrorDetail));
        assertThat(requests(ADDRESS).getLast().getErrorDetail().getMessage())
                .contains(workload.uid(), "two of one address");
    }

    @Test
    void reconnectingLosesAndInventsNothing() {
        Workload kept = serveWorkload();
        Workload changed = serveWorkload();
        Workload gone = serveWorkload();
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.known().size() == 3);
        server.stop();
        await().until(() -> client.status().state() == AdsStatus.State.DISCONNECTED);
        assertThat(addresses.known()).as("what is known stays").hasSize(3);
        assertThat(client.status().lastError()).isNotEmpty();
        server.remove(ADDRESS, gone.uid());
        server.put(ADDRESS, changed.uid(), List.of(), AddressCodec.encode(changed, List.of("ns/policy")));
        Workload added = serveWorkload();
        int before = addresses.events().size();
        server.restart();
        await().until(() -> addresses.known().containsKey(added.uid()));
        assertThat(addresses.known()).containsOnlyKeys(kept.uid(), changed.uid(), added.uid());
        assertThat(addresses.events().subList(before, addresses.events().size()))
                .containsExactlyInAnyOrder(
                        "update " + changed.uid(), "update " + added.uid(), "removed " + gone.uid(), "applied");
        DeltaDiscoveryRequest again = requests(ADDRESS).stream()
                .filter(r -> r.getInitialResourceVersionsCount() > 0)
                .findFirst()
                .orElseThrow();
        assertThat(again.getInitialResourceVersionsMap()).containsOnlyKeys(kept.uid(), changed.uid(), gone.uid());
        assertThat(again.hasNode()).isTrue();
        await().until(() -> client.status().connected());
        assertThat(statuses).extracting(AdsStatus::state).contains(AdsStatus.State.DISCONNECTED);
    }

    @Test
    void garbageEndsTheStreamAndChangesNothing() {
        Workload workload = serveWorkload();
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.known().containsKey(workload.uid()));
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            garbage[0] = (byte) 0xff; // no field has this tag: surely not readable
            int streams = server.authorizations().size();
            server.sendRaw(garbage);
            await().until(() ->
                    server.authorizations().size() > streams && client.status().connected());
        }
        assertThat(addresses.known()).containsOnlyKeys(workload.uid());
        assertThat(statuses)
                .extracting(AdsStatus::lastError)
                .anySatisfy(e -> assertThat(e).contains("not readable"));
    }

    @Test
    void aTypeThatNobodyAskedForIsRefused() {
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> client.status().connected());
        server.send(DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl("type.googleapis.com/other")
                .setNonce("x")
                .build());
        await().until(() -> !requests("type.googleapis.com/other").isEmpty());
        assertThat(requests("type.googleapis.com/other")
                        .getFirst()
                        .getErrorDetail()
                        .getMessage())
                .contains("not subscribed");
    }

    @Test
    void aResourceOfAnotherTypeInABatchIsRefused() {
        Workload workload = serveWorkload();
        client.subscribeAll(ResourceType.PROXY_CONFIG, configs);
        client.start();
        await().until(() -> client.status().connected());
        server.send(DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(CONFIG)
                .setNonce("x")
                .addResources(Resource.newBuilder()
                        .setName(workload.uid())
                        .setResource(Any.newBuilder().setTypeUrl(ADDRESS)))
                .build());
        await().until(() -> configs.events().contains("rejected " + workload.uid()));
        assertThat(configs.known()).isEmpty();
    }

    @Test
    void refusedTokensAreAskedForAgain() {
        List<String> tokens = new CopyOnWriteArrayList<>(List.of("old", "new"));
        client = client(() -> tokens.size() > 1 ? tokens.removeFirst() : tokens.getFirst(), Duration.ofSeconds(20));
        server.refuse(Status.UNAUTHENTICATED.withDescription("expired"));
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() ->
                statuses.stream().anyMatch(s -> String.valueOf(s.lastError()).contains("UNAUTHENTICATED: expired")));
        assertThat(statuses).extracting(AdsStatus::state).doesNotContain(AdsStatus.State.CONNECTED);
        server.refuse(null);
        await().until(() -> client.status().connected());
        assertThat(server.authorizations()).startsWith("Bearer old", "Bearer new");
    }

    @Test
    void aMissingTokenIsNamedAndNothingIsSent() {
        client = client(
                () -> {
                    throw new IllegalStateException("/tokens/istio-token: no such file");
                },
                Duration.ofSeconds(20));
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> statuses.stream()
                .anyMatch(s -> String.valueOf(s.lastError()).contains("/tokens/istio-token: no such file")));
        assertThat(server.authorizations()).isEmpty();
    }

    @Test
    void aControlPlaneThatSaysNothingIsLeft() {
        client = client(() -> "token", Duration.ofMillis(100));
        server.mute(true);
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() ->
                statuses.stream().anyMatch(s -> String.valueOf(s.lastError()).contains("no answer within 100 ms")));
        server.mute(false);
        await().until(() -> client.status().connected());
        assertThat(addresses.events()).containsOnlyOnce("first");
    }

    @Test
    void aDrainingControlPlaneIsLeftAtOnce() {
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> client.status().connected());
        server.drain();
        await().until(() ->
                statuses.stream().anyMatch(s -> String.valueOf(s.lastError()).contains("takes no new calls")));
        server.stop();
        server.restart();
        await().until(() -> client.status().connected());
        assertThat(server.requests()).isNotEmpty();
    }

    @Test
    void aStreamThatEndsIsOpenedAgain() {
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        for (Status end : List.of(Status.OK, Status.INTERNAL, Status.CANCELLED)) {
            await().until(() -> client.status().connected());
            int streams = server.authorizations().size();
            server.endStreams(end);
            await().until(() -> server.authorizations().size() > streams);
        }
        await().until(() -> client.status().connected());
        assertThat(addresses.events()).containsOnlyOnce("first");
    }

    @Test
    void aResponseOf20MebibytesPasses() {
        List<ServicePort> ports = new ArrayList<>();
        for (int port = 1; port <= 60_000; port++) {
            ports.add(new ServicePort(port, "n".repeat(340) + port, AppProtocol.HTTP));
        }
        Service template = mesh.service();
        Service big = new Service(template.name(), template.hostname(), template.addresses(), ports);
        var message = AddressCodec.encode(big);
        assertThat(message.getSerializedSize()).isGreaterThan(20 << 20);
        server.put(ADDRESS, big.key(), List.of(), message);
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> addresses.known().containsKey(big.key()));
        assertThat(addresses.known().get(big.key())).isEqualTo(new AddressResource.OfService(big));
    }

    @Test
    void fiveThousandOnDemandSubscriptions() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String name = "/10.1." + i / 250 + "." + i % 250;
            names.add(name);
            if (i % 2 == 0) {
                serveWorkload(name);
            }
        }
        Subscription subscription = client.subscribe(ResourceType.ADDRESS, names.subList(0, 10), addresses);
        client.start();
        for (int i = 10; i < 5_000; i += 10) {
            subscription.add(names.subList(i, i + 10));
        }
        int served = server.names(ADDRESS).size();
        await().until(() -> addresses.known().size() == served);
        await().until(() -> addresses.events().stream()
                        .filter(e -> e.startsWith("removed"))
                        .distinct()
                        .count()
                == 2_500);
        server.stop();
        server.restart();
        await().until(() -> requests(ADDRESS).stream().anyMatch(r -> r.getInitialResourceVersionsCount() == served));
        DeltaDiscoveryRequest again = requests(ADDRESS).stream()
                .filter(r -> r.getInitialResourceVersionsCount() > 0)
                .findFirst()
                .orElseThrow();
        assertThat(again.getResourceNamesSubscribeList()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(addresses.known()).hasSize(served);
    }

    @Test
    void closingEndsItForGood() {
        client.subscribeAll(ResourceType.ADDRESS, addresses);
        client.start();
        await().until(() -> client.status().connected());
        client.close();
        await().until(() -> client.status().state() == AdsStatus.State.STOPPED);
        int streams = server.authorizations().size();
        server.stop();
        server.restart();
        loop.loop().submit(() -> {}).awaitUninterruptibly();
        assertThat(server.authorizations()).hasSize(streams);
    }
}
