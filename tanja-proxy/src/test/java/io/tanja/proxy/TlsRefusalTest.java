package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.Refusal;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.proxy.detect.Hellos;
import io.tanja.proxy.identity.FakeIdentities;
import io.tanja.proxy.identity.IdentitySnapshot;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.RecordingObserver;
import io.tanja.proxy.tls.BoringTls;
import io.tanja.proxy.tls.JdkTls;
import io.tanja.proxy.tls.TlsProvider;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each refusal is made by the end that must make it, has the same name everywhere, and lets nothing through. */
class TlsRefusalTest {
    private static final TestPki PKI = MeshFixture.PKI;

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    /** An identity that trusts the mesh whoever has signed it. */
    private static FakeIdentities trusting(SpiffeId id, TestIdentity identity) {
        FakeIdentities identities = new FakeIdentities();
        Instant later = MeshFixture.CLOCK.instant().plus(Duration.ofHours(1));
        identities.publish(new IdentitySnapshot(id, identity.key(), identity.chain(), PKI.roots(), later));
        return identities;
    }

    private static MeshFixture mesh(TlsProvider provider, AppServer app, FakeIdentities client, FakeIdentities server)
            throws IOException {
        return new MeshFixture(provider, app.address(), AppProtocol.TCP, TlsMode.STRICT, client, server);
    }

    /** Calls, and sees the connection end without an answer. */
    private static void callFails(MeshFixture mesh, AppServer app) throws Exception {
        try (Socket socket = mesh.call()) {
            socket.getOutputStream().write("secret".getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        await().until(() -> !mesh.clientLog.closed.isEmpty());
        assertThat(app.accepted).hasValue(0);
    }

    private static ConnectionRecord only(RecordingObserver log) {
        await().until(() -> !log.closed.isEmpty());
        return log.closed.getFirst();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theServerRefusesACallerOfAnotherCa(TlsProvider provider) throws Exception {
        TestPki stranger = TestPki.create(MeshFixture.CLOCK.instant());
        FakeIdentities client = trusting(MeshFixture.CLIENT, stranger.leaf(MeshFixture.CLIENT));
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, client, FakeIdentities.of(PKI.leaf(MeshFixture.SERVER)))) {
            callFails(mesh, app);
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_UNKNOWN_ROOT);
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.PEER_REFUSED_US);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theServerRefusesACallerOfAnotherTrustDomain(TlsProvider provider) throws Exception {
        SpiffeId other = SpiffeId.parse("spiffe://other.example/ns/test/sa/client");
        FakeIdentities client = trusting(other, PKI.badLeaf().uri(other.uri()).issue());
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, client, FakeIdentities.of(PKI.leaf(MeshFixture.SERVER)))) {
            callFails(mesh, app);
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_WRONG_TRUST_DOMAIN);
            assertThat(only(mesh.serverLog).detail).contains("other.example");
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.PEER_REFUSED_US);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theServerRefusesAnExpiredCaller(TlsProvider provider) throws Exception {
        FakeIdentities client = trusting(MeshFixture.CLIENT, PKI.expired(MeshFixture.CLIENT));
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, client, FakeIdentities.of(PKI.leaf(MeshFixture.SERVER)))) {
            callFails(mesh, app);
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_CERTIFICATE_EXPIRED);
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.PEER_REFUSED_US);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theClientRefusesAServerOfTheWrongServiceAccount(TlsProvider provider) throws Exception {
        FakeIdentities impostor = FakeIdentities.of(PKI.leaf("test", "impostor"));
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, FakeIdentities.of(PKI.leaf(MeshFixture.CLIENT)), impostor)) {
            callFails(mesh, app);
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.PEER_WRONG_IDENTITY);
            assertThat(only(mesh.clientLog).detail).contains("sa/server", "sa/impostor");
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_REFUSED_US);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theClientRefusesAServerOfAnotherCa(TlsProvider provider) throws Exception {
        TestPki stranger = TestPki.create(MeshFixture.CLOCK.instant());
        FakeIdentities server = trusting(MeshFixture.SERVER, stranger.leaf(MeshFixture.SERVER));
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, FakeIdentities.of(PKI.leaf(MeshFixture.CLIENT)), server)) {
            callFails(mesh, app);
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.PEER_UNKNOWN_ROOT);
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_REFUSED_US);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theServerRefusesACallerWithoutCertificate(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(
                        provider,
                        app,
                        FakeIdentities.of(PKI.leaf(MeshFixture.CLIENT)),
                        FakeIdentities.of(PKI.leaf(MeshFixture.SERVER)))) {
            assertThat(AnonymousClient.call(mesh.server.inboundAddress(), "istio"))
                    .isEmpty();
            assertThat(only(mesh.serverLog).refusal).isEqualTo(Refusal.PEER_NO_CERTIFICATE);
            assertThat(app.accepted).hasValue(0);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anExpiredOrMissingCertificateOfOurOwnIsNeverAReasonForPlaintext(TlsProvider provider) throws Exception {
        FakeIdentities expired = FakeIdentities.of(PKI.expired(MeshFixture.CLIENT));
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = mesh(provider, app, expired, new FakeIdentities())) {
            callFails(mesh, app);
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.OWN_CERTIFICATE_EXPIRED);
            try (Socket socket = mesh.callFromOutside()) {
                socket.getOutputStream().write(Hellos.of(null, List.of("istio"), 0));
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset");
            }
            await().until(() -> mesh.serverLog.closed.stream()
                    .anyMatch(record -> record.refusal == Refusal.OWN_CERTIFICATE_MISSING));
            assertThat(app.accepted).hasValue(0);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anEndpointThatDoesNotSpeakTlsIsNamed(TlsProvider provider) throws Exception {
        AppServer.Behaviour plain = socket -> {
            socket.getOutputStream().write("220 ready\r\n".getBytes(UTF_8));
            socket.getInputStream().readAllBytes();
        };
        try (AppServer app = new AppServer(plain);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT)) {
            mesh.clientView.put(
                    MeshFixture.SERVICE_IP,
                    MeshFixture.service(
                            AppProtocol.TCP,
                            List.of(MeshFixture.workload(
                                    "server-1", MeshFixture.SERVER, app.address(), TlsMode.PERMISSIVE))));
            try (Socket socket = mesh.call()) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset");
            }
            assertThat(only(mesh.clientLog).refusal)
                    .as(only(mesh.clientLog).detail)
                    .isEqualTo(Refusal.PEER_NOT_TLS);
        }
    }

    @ParameterizedTest
    @MethodSource("hasty")
    void anEndpointThatStaysSilentIsNotWaitedForForever(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(socket -> socket.getInputStream().readAllBytes());
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT)) {
            mesh.clientView.put(
                    MeshFixture.SERVICE_IP,
                    MeshFixture.service(
                            AppProtocol.TCP,
                            List.of(MeshFixture.workload(
                                    "server-1", MeshFixture.SERVER, app.address(), TlsMode.PERMISSIVE))));
            try (Socket socket = mesh.call()) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset");
            }
            assertThat(only(mesh.clientLog).refusal).isEqualTo(Refusal.HANDSHAKE_TIMEOUT);
        }
    }

    static List<TlsProvider> hasty() {
        return List.of(new BoringTls(Duration.ofMillis(300)), new JdkTls(Duration.ofMillis(300)));
    }
}
