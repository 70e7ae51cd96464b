package io.tanja.proxy;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.pki.TestPki;
import io.tanja.proxy.capture.ConnectionLimit;
import io.tanja.proxy.capture.OriginalDestination;
import io.tanja.proxy.config.FakeMeshView;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.http.Http1Settings;
import io.tanja.proxy.identity.FakeIdentities;
import io.tanja.proxy.observe.RecordingObserver;
import io.tanja.proxy.tls.BoringTls;
import io.tanja.proxy.tls.JdkTls;
import io.tanja.proxy.tls.TlsProvider;
import io.tanja.proxy.upstream.PoolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Two pods on the loopback interface: a client whose application calls {@code server.test}, and a server. What the
 * firewall would redirect is connected by hand: the test says what the original destination was.
 */
@SuppressWarnings("TimeInStaticInitializer") // Certificates are made for the time of the test run.
final class MeshFixture implements AutoCloseable {
    static final Clock CLOCK = Clock.systemUTC();
    static final TestPki PKI = TestPki.create(CLOCK.instant());
    static final SpiffeId CLIENT = PKI.id("test", "client");
    static final SpiffeId SERVER = PKI.id("test", "server");
    static final InetAddress SERVICE_IP = ip("10.96.0.10");
    static final int SERVICE_PORT = 80;
    static final Duration GRACE = Duration.ofMillis(700);
    static final Duration HANDSHAKE = Duration.ofSeconds(5);

    final RecordingObserver clientLog = new RecordingObserver();
    final RecordingObserver serverLog = new RecordingObserver();
    final FakeMeshView clientView = new FakeMeshView(config(CLIENT, TlsMode.PERMISSIVE, Map.of()));
    final FakeMeshView serverView;
    final FakeIdentities clientIdentities;
    final FakeIdentities serverIdentities;
    final ProxyServer client;
    final ProxyServer server;
    private final InetSocketAddress app;

    MeshFixture(TlsProvider provider, AppServer app, AppProtocol declared, TlsMode mode) throws IOException {
        this(
                provider,
                app.address(),
                declared,
                mode,
                FakeIdentities.of(PKI.leaf(CLIENT)),
                FakeIdentities.of(PKI.leaf(SERVER)));
    }

    MeshFixture(
            TlsProvider provider,
            InetSocketAddress app,
            AppProtocol declared,
            TlsMode mode,
            FakeIdentities clientIdentities,
            FakeIdentities serverIdentities)
            throws IOException {
        this.app = app;
        this.clientIdentities = clientIdentities;
        this.serverIdentities = serverIdentities;
        serverView = new FakeMeshView(config(
                SERVER, mode, Map.of(app.getPort(), new InboundPort(app.getPort(), declared, "server.test", 80))));
        server = new ProxyServer(
                settings(),
                provider,
                serverView,
                serverIdentities,
                serverLog,
                channel -> app,
                CLOCK,
                RandomGenerator.of("L64X128MixRandom"));
        server.start();
        client = new ProxyServer(
                settings(),
                provider,
                clientView,
                clientIdentities,
                clientLog,
                channel -> new InetSocketAddress(SERVICE_IP, SERVICE_PORT),
                CLOCK,
                RandomGenerator.of("L64X128MixRandom"));
        client.start();
        clientView.put(SERVICE_IP, service(declared, List.of(workload("server-1", SERVER, inbound(), mode))));
    }

    static ProxySettings settings() {
        return settings(new ConnectionLimit(100_000, 100_000));
    }

    static ProxySettings settings(ConnectionLimit limit) {
        return new ProxySettings(
                "127.0.0.1",
                0,
                0,
                1,
                4096,
                limit,
                Duration.ofMillis(300),
                HANDSHAKE,
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                GRACE,
                3,
                Http1Settings.defaults(),
                PoolSettings.defaults(),
                0);
    }

    /** A proxy without a second one, and what it tells. */
    record Lone(ProxyServer server, RecordingObserver log) {}

    /** Starts a proxy that believes anything about original destinations. */
    static Lone lone(OriginalDestination destinations) throws IOException {
        RecordingObserver log = new RecordingObserver();
        ProxyServer server = server(settings(), log, destinations);
        server.start();
        return new Lone(server, log);
    }

    /** The same with another limit. */
    static Lone lone(OriginalDestination destinations, ConnectionLimit limit) throws IOException {
        RecordingObserver log = new RecordingObserver();
        ProxyServer server = server(settings(limit), log, destinations);
        server.start();
        return new Lone(server, log);
    }

    /** A proxy with an inbound port, not started. */
    static ProxyServer server(int inboundPort) {
        ProxySettings s = settings();
        ProxySettings other = new ProxySettings(
                s.bindAddress(),
                inboundPort,
                s.outboundPort(),
                s.eventLoops(),
                s.backlog(),
                s.limit(),
                s.detection(),
                s.handshake(),
                s.connect(),
                s.idle(),
                s.grace(),
                s.connectAttempts(),
                s.http(),
                s.pool(),
                s.mark());
        return server(other, new RecordingObserver(), channel -> null);
    }

    private static ProxyServer server(ProxySettings settings, RecordingObserver log, OriginalDestination destinations) {
        return new ProxyServer(
                settings,
                new BoringTls(HANDSHAKE),
                new FakeMeshView(config(SERVER, TlsMode.PERMISSIVE, Map.of())),
                FakeIdentities.of(PKI.leaf(SERVER)),
                log,
                destinations,
                CLOCK,
                RandomGenerator.of("L64X128MixRandom"));
    }

    static List<TlsProvider> providers() {
        return List.of(new BoringTls(HANDSHAKE), new JdkTls(HANDSHAKE));
    }

    InetSocketAddress inbound() {
        return server.inboundAddress();
    }

    /** The application calls the service: what the client's firewall would redirect. */
    Socket call() throws IOException {
        return connect(client.outboundAddress());
    }

    /** Somebody without a sidecar calls the server's pod: what the server's firewall would redirect. */
    Socket callFromOutside() throws IOException {
        return connect(server.inboundAddress());
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Changes what the server's port is. */
    void serverConfig(AppProtocol declared, TlsMode mode) {
        int port = app.getPort();
        serverView.self(config(SERVER, mode, Map.of(port, new InboundPort(port, declared, "server.test", 80))));
    }

    static ProxyConfig config(SpiffeId id, TlsMode mode, Map<Integer, InboundPort> ports) {
        return new ProxyConfig(
                workload(id.serviceAccount(), id, new InetSocketAddress("127.0.0.1", 1), mode),
                new InboundModes(mode, Map.of()),
                Map.of(),
                ports,
                List.of(),
                List.of(TrustDomain.CLUSTER_LOCAL),
                OutboundPolicy.ALLOW_ANY);
    }

    static Workload workload(String name, SpiffeId id, InetSocketAddress at, TlsMode mode) {
        return new Workload(
                "Kubernetes//Pod/test/" + name,
                new NamespacedName("test", name),
                id,
                List.of(at.getAddress()),
                WorkloadLabels.UNKNOWN,
                true,
                new InboundModes(mode, Map.of()),
                Map.of("test/server.test", List.of(new PortMapping(SERVICE_PORT, at.getPort()))));
    }

    static Lookup service(AppProtocol declared, List<Workload> workloads) {
        Service service = new Service(
                new NamespacedName("test", "server"),
                "server.test",
                List.of(SERVICE_IP),
                List.of(new ServicePort(SERVICE_PORT, "port", declared)));
        return new Lookup.ServiceHit(service, workloads);
    }

    static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
