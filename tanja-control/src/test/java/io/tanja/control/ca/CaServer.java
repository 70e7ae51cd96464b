package io.tanja.control.ca;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.TestPki;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.renewal.RenewalSchedule;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The CA as the control plane serves it: over TLS on a port of the loopback, with tokens of a lab's issuer. */
final class CaServer {
    static final String ISSUER = "https://lab.tanja.local";
    static final SecureRandom RANDOM = new SecureRandom();
    private static final String NAME = "istiod.istio-system.svc";

    final TokenIssuer tokens = TokenIssuer.create(ISSUER, RANDOM);
    // The TLS client under test checks times by the system's clock.
    final Instant now = InstantSource.system().instant();
    final TestPki pki = TestPki.create(now);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ManagedChannel channel;

    CaServer(Path folder) throws Exception {
        Path keys = folder.resolve("token-keys.pem");
        Files.writeString(keys, tokens.publicKeyPem());
        InstantSource clock = InstantSource.system();
        Authenticator authenticator = new SignedTokenAuthenticator(
                TrustDomain.CLUSTER_LOCAL, ISSUER, SignedTokenAuthenticator.AUDIENCE, new TokenKeyFile(keys), clock);
        ServingCertificate certificate = ServingCertificate.issue(
                pki.authority(), new ServingNames(List.of(NAME), List.of()), RenewalSchedule.HALF_LIFE, clock, RANDOM);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(new ServingKeyManager(certificate)), SslProvider.OPENSSL)
                        .build())
                .executor(calls)
                .intercept(new AuthenticationInterceptor(authenticator))
                .addService(new CertificateService(pki.authority(), clock))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .overrideAuthority(NAME)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(pki.roots().toArray(X509Certificate[]::new))
                        .build())
                .build();
    }

    IstioCertificateResponse call(@Nullable String token, IstioCertificateRequest request) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(AuthenticationInterceptor.AUTHORIZATION, "Bearer " + token);
        }
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                CertificateService.CREATE_CERTIFICATE,
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                request);
    }

    void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        calls.close();
    }
}
