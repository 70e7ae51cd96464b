package io.tanja.control.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.control.source.SourceSnapshot;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.model.ManualClock;
import io.tanja.model.api.ApiObject;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.Pod;
import io.tanja.model.validate.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source makes of everything that a watch can meet. */
class KubernetesSourceTest {
    private static final String PODS = "api/v1/pods";
    private static final String PEERS = "apis/security.istio.io/v1/peerauthentications";
    private static final String OLD_PEERS = "apis/security.istio.io/v1beta1/peerauthentications";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.at("2026-01-01T00:00:00Z");
    private final List<SourceSnapshot> snapshots = new CopyOnWriteArrayList<>();
    private final ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor();

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private FakeApiServer server;

    @SuppressWarnings("NullAway.Init") // As above.
    private KubernetesSource source;

    @BeforeEach
    void prepare() throws Exception {
        server = new FakeApiServer();
        server.store().install(PEERS);
        server.put("api/v1/namespaces", "{\"metadata\": {\"name\": \"test\"}}");
        source = new KubernetesSource(
                server.api(),
                clock,
                System::nanoTime,
                new Random(1),
                Thread.ofVirtual().factory());
    }

    @AfterEach
    void stop() {
        source.close();
        starter.shutdownNow();
        server.close();
    }

    private void start() {
        source.start(snapshots::add);
    }

    private static String pod(String name, String account) {
        return """
               {"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": "%s", "namespace": "test", "managedFields": [{}], "annotations": {"a": "b"}},
                "spec": {"serviceAccountName": "%s", "volumes": [{"name": "v"}], "containers": [{"name": "main",
                  "env": [{"name": "SECRET", "valueFrom": {}}], "ports": [{"containerPort": 80}]}]},
                "status": {"phase": "Running", "podIPs": [{"ip": "10.244.1.7"}],
                  "conditions": [{"type": "Ready", "status": "True"}]}}
               """.formatted(name, account);
    }

    private static String peer(String mode) {
        return """
               {"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                "metadata": {"name": "default", "namespace": "test"}, "spec": {"mtls": {"mode": "%s"}}}
               """.formatted(mode);
    }

    private SourceSnapshot last() {
        return snapshots.getLast();
    }

    private List<String> ids() {
        return last().objects().stream().map(ApiObject::id).toList();
    }

    private void awaitIds(String... ids) {
        await().atMost(SOON).untilAsserted(() -> assertThat(ids()).containsExactlyInAnyOrder(ids));
    }

    private void awaitMode(PeerAuthentication.Mode mode) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(last().objects())
                        .anySatisfy(object -> assertThat(object)
                                .isInstanceOfSatisfying(
                                        PeerAuthentication.class,
                                        peer -> assertThat(peer.mode()).isEqualTo(mode))));
    }

    private void awaitWatches(int count) {
        await().atMost(SOON).until(() -> server.watches() == count);
    }

    @Test
    void handsOverTheFirstSnapshotWhenAllPagesOfAllListsAreThere() {
        server.store().pages(3);
        for (int i = 0; i < 10; i++) {
            server.put(PODS, pod("web-" + i, "web"));
        }

        start();

        assertThat(snapshots).hasSize(1);
        assertThat(last().objects()).filteredOn(Pod.class::isInstance).hasSize(10);
        assertThat(ids()).contains("Namespace test");
    }

    @Test
    void readsOfAPodWhatTheMeshNeedsAndWarnsOfNothingElse() {
        server.put(PODS, pod("web", "web"));

        start();

        assertThat(last().problems()).noneMatch(problem -> problem.object().contains("Pod"));
        Pod pod = (Pod) last().objects().stream()
                .filter(Pod.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(pod.spec().serviceAccountName()).isEqualTo("web");
        assertThat(pod.status().ready()).isTrue();
        assertThat(pod.spec().containers().getFirst().ports()).hasSize(1);
        assertThat(pod.spec().containers().getFirst().env()).isEmpty();
        assertThat(pod.meta().annotations()).isEmpty();
    }

    @Test
    void waitsForAListThatFailsInsteadOfInventingAnEmptyOne() throws Exception {
        server.put(PODS, pod("web", "web"));
        server.fail(PODS, 403);

        Future<?> starting = starter.submit(this::start);
        await().atMost(SOON).until(() -> server.watches() == 4);
        assertThat(snapshots).isEmpty();
        server.fail(PODS, 0);

        starting.get(20, TimeUnit.SECONDS);
        assertThat(ids()).contains("Pod test/web");
    }

    @Test
    void followsChangesAndDeletions() {
        start();

        server.put(PEERS, peer("STRICT"));
        awaitMode(PeerAuthentication.Mode.STRICT);
        server.put(PEERS, peer("PERMISSIVE"));
        awaitMode(PeerAuthentication.Mode.PERMISSIVE);
        server.store().delete(PEERS, "test", "default");
        awaitIds("Namespace test");
    }

    @Test
    void losesAndInventsNothingWhenTheVersionExpiresWhileItIsCutOff() {
        server.put(PODS, pod("stays", "web"));
        server.put(PODS, pod("goes", "web"));
        start();
        awaitWatches(5);

        server.fail(PODS, 500);
        server.cutWatches();
        server.store().delete(PODS, "test", "goes");
        server.put(PODS, pod("comes", "web"));
        server.store().compact();
        server.fail(PODS, 0);

        awaitIds("Namespace test", "Pod test/stays", "Pod test/comes");
        assertThat(snapshots)
                .as("what stays is in every snapshot")
                .allSatisfy(snapshot -> assertThat(snapshot.objects())
                        .extracting(ApiObject::id)
                        .contains("Pod test/stays", "Namespace test"));
    }

    @Test
    void goesOnFromWhereABrokenWatchEnded() {
        start();
        awaitWatches(5);
        server.cutWatches();

        server.put(PODS, pod("web", "web"));

        awaitIds("Namespace test", "Pod test/web");
        assertThat(server.requests().stream().filter(r -> r.startsWith("GET /api/v1/pods?limit")))
                .as("no second list")
                .hasSize(1);
    }

    @Test
    void listsAnewAfterAnEventThatMakesNoSense() {
        start();
        awaitWatches(5);

        server.store().garble(PODS);
        server.put(PODS, pod("web", "web"));

        awaitIds("Namespace test", "Pod test/web");
        assertThat(server.requests().stream().filter(r -> r.startsWith("GET /api/v1/pods?limit")))
                .hasSizeGreaterThan(1);
    }

    @Test
    void keepsTheLastGoodContentOfAnObjectThatBreaks() {
        server.put(PEERS, peer("STRICT"));
        start();

        server.put(PEERS, peer("STRIKT"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(last().problems()).anySatisfy(problem -> {
                    assertThat(problem.object()).isEqualTo("PeerAuthentication test/default");
                    assertThat(problem.field()).isEqualTo("spec.mtls.mode");
                    assertThat(problem.file()).isEqualTo("kubernetes");
                }));
        awaitMode(PeerAuthentication.Mode.STRICT);
        server.put(PEERS, peer("DISABLE"));
        awaitMode(PeerAuthentication.Mode.DISABLE);
        assertThat(last().problems()).noneMatch(Problem::isError);
    }

    @Test
    void doesNotGiveANewObjectTheContentOfAnOldOneOfItsName() {
        server.put(PEERS, peer("STRICT"));
        start();

        server.store().delete(PEERS, "test", "default");
        server.put(PEERS, peer("STRIKT"));

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(last().problems()).anyMatch(Problem::isError);
            assertThat(ids()).containsExactly("Namespace test");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {PEERS, OLD_PEERS})
    void picksUpAKindThatIsInstalledLater(String installed) {
        server.store().uninstall(PEERS);
        start();
        assertThat(last().problems())
                .anySatisfy(problem -> assertThat(problem.object())
                        .isEqualTo("CustomResourceDefinition peerauthentications.security.istio.io"));

        server.store().install(installed);
        server.put(installed, peer("STRICT"));

        awaitMode(PeerAuthentication.Mode.STRICT);
        assertThat(last().problems()).noneMatch(problem -> problem.object().contains("peerauthentications"));
    }

    @Test
    void tellsThatItIsBlindAndKeepsWhatItKnew() {
        server.put(PODS, pod("web", "web"));
        start();
        awaitWatches(5);

        server.fail(PODS, 503);
        server.cutWatches();
        await().atMost(SOON).until(() -> server.watches() == 4);
        assertThat(last().problems()).noneMatch(Problem::isError);
        await().atMost(SOON).untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(1));
            assertThat(last().problems()).anyMatch(Problem::isError);
        });
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(last().problems()).anySatisfy(problem -> {
                    assertThat(problem.object()).isEqualTo("pods");
                    assertThat(problem.message()).contains("cannot be watched since");
                }));
        assertThat(ids()).contains("Pod test/web");
        server.fail(PODS, 0);
        await().atMost(SOON).until(() -> last().problems().stream().noneMatch(Problem::isError));
    }

    @Test
    void makesOneSnapshotOfABurst() {
        start();
        awaitWatches(5);

        for (int i = 0; i < 300; i++) {
            server.put(PODS, pod("web-" + i, "web"));
        }

        await().atMost(SOON).until(() -> last().objects().size() == 301);
        assertThat(snapshots).hasSizeLessThan(100);
    }

    @Test
    void saysNothingOfChangesThatTheMeshDoesNotRead() {
        server.put(PODS, pod("web", "web"));
        start();
        awaitWatches(5);

        server.put(PODS, pod("web", "web").replace("\"a\": \"b\"", "\"a\": \"c\""));
        server.put(PODS, pod("mark", "web"));

        awaitIds("Namespace test", "Pod test/web", "Pod test/mark");
        assertThat(snapshots).hasSize(2);
    }

    @Test
    void stopsAtOnce() throws ExecutionException, InterruptedException {
        start();
        awaitWatches(5);
        int before = snapshots.size();

        source.close();
        server.put(PODS, pod("late", "web"));

        assertThat(snapshots).hasSize(before);
    }
}
