package io.tanja.control;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.tanja.control.ca.SignedTokenAuthenticator;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.control.state.MeshOptions;
import io.tanja.xds.ads.server.FakeProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A whole control plane on the loopback with a folder, a CA and a token issuer of its own. One test thread uses it. */
final class TestMesh {
    /** The service account that pods run as unless told otherwise. */
    static final String ACCOUNT = "web";

    private static final SecureRandom RANDOM = new SecureRandom();

    final Path manifests;
    final Path status;
    final TokenIssuer tokens = TokenIssuer.create(ControlOptions.DEFAULT_TOKEN_ISSUER, RANDOM);
    private final Path ca;
    private final Path tokenKey;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private ControlPlane plane;

    TestMesh(Path temp) throws IOException, ConfigException {
        manifests = Files.createDirectory(temp.resolve("mesh"));
        ca = temp.resolve("ca");
        status = temp.resolve("status.json");
        tokenKey = temp.resolve("issuer.pub");
        Files.writeString(tokenKey, tokens.publicKeyPem());
        write("mesh.yaml", """
                apiVersion: deckhouse.io/v1alpha1
                kind: ModuleConfig
                metadata: {name: istio}
                spec: {version: 2, enabled: true}
                """);
        plane = ControlPlane.start(options());
    }

    private ControlOptions options() {
        return options(0);
    }

    private ControlOptions options(int port) {
        return new ControlOptions(
                new SourceOptions.Folder(manifests, ca, tokenKey, ControlOptions.DEFAULT_TOKEN_ISSUER),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of(),
                MeshOptions.DEFAULT,
                status,
                Duration.ofHours(24));
    }

    ControlPlane plane() {
        return plane;
    }

    /** Ends the control plane and starts another on the same folders and the same port. */
    void restart() throws ConfigException {
        int port = plane.port();
        plane.close();
        plane = ControlPlane.start(options(port));
    }

    /** The mesh's root, PEM. */
    byte[] root() throws IOException {
        return Files.readAllBytes(ca.resolve("root-cert.pem"));
    }

    void write(String file, String text) throws IOException {
        Files.writeString(manifests.resolve(file), text);
    }

    /** A pod in namespace {@code test} that has a sidecar. */
    static String pod(String name, String account, String address) {
        return """
               apiVersion: v1
               kind: Pod
               metadata:
                 name: %s
                 namespace: test
                 labels: {app: web, security.istio.io/tlsMode: istio}
               spec:
                 serviceAccountName: %s
                 containers: [{name: main, image: nginx, ports: [{containerPort: 80}]}]
               status:
                 phase: Running
                 podIPs: [{ip: %s}]
                 conditions: [{type: Ready, status: "True"}]
               ---
               """.formatted(name, account, address);
    }

    static String peerAuthentication(String mode) {
        return """
               apiVersion: security.istio.io/v1
               kind: PeerAuthentication
               metadata: {name: default, namespace: test}
               spec: {mtls: {mode: %s}}
               """.formatted(mode);
    }

    static String uid(String pod) {
        return "Kubernetes//Pod/test/" + pod;
    }

    String token(String account) {
        return tokens.issue(
                new TokenSubject("test", account, "pod", "uid"),
                SignedTokenAuthenticator.AUDIENCE,
                Duration.ofHours(1),
                InstantSource.system().instant());
    }

    FakeProxy proxy(String account) throws IOException {
        return proxy(channel(), token(account));
    }

    FakeProxy proxy(ManagedChannel channel, @Nullable String token) {
        return new FakeProxy(channel, token, 10_000);
    }

    ManagedChannel channel() throws IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), plane.port()))
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(ca.resolve("root-cert.pem").toFile())
                        .build())
                .overrideAuthority("istiod.istio-system.svc")
                .build();
        channels.add(channel);
        return channel;
    }

    void close() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        plane.close();
    }
}
