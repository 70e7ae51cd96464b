package io.tanja.control.serve;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;

/**
 * The TLS port with all services of the control plane behind one authentication. There is no plaintext twin and no
 * service that can be called without a verified identity.
 */
public final class ControlServer {
    /** A request lists at most what a proxy knows; a certificate request is a few KiB. */
    private static final int MAX_REQUEST_BYTES = 4 << 20;

    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_CALLS_PER_CONNECTION = 64;
    private static final long HANDSHAKE_SECONDS = 10;
    /** A call is authenticated when it begins; this bounds how long it outlives its token, as istiod's default does. */
    private static final long MAX_AGE_MINUTES = 30;

    private static final long MAX_AGE_GRACE_SECONDS = 5;
    private static final long KEEP_ALIVE_SECONDS = 30;

    private final Server server;

    private ControlServer(Server server) {
        this.server = server;
    }

    /**
     * Opens the port.
     *
     * @param key asked at each handshake, so that a renewed certificate takes effect at once
     * @param authentication stands before every call
     * @param executor runs the authentication and the calls; it may block
     * @throws IOException if the port cannot be opened
     */
    public static ControlServer start(
            InetSocketAddress listen,
            X509KeyManager key,
            ServerInterceptor authentication,
            List<ServerServiceDefinition> services,
            Executor executor)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(listen)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(key), SslProvider.OPENSSL)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .build())
                .executor(executor)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .maxConnectionAge(MAX_AGE_MINUTES, TimeUnit.MINUTES)
                .maxConnectionAgeGrace(MAX_AGE_GRACE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 3, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        for (ServerServiceDefinition service : services) {
            builder.addService(ServerInterceptors.intercept(service, authentication));
        }
        return new ControlServer(builder.build().start());
    }

    /** The port that was opened. */
    public int port() {
        return server.getPort();
    }

    /**
     * Takes no new calls, lets those that run end, and cuts off what is left.
     *
     * @param millis how long calls may take to end
     */
    public void stop(long millis) throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
            server.shutdownNow();
            server.awaitTermination(millis, TimeUnit.MILLISECONDS);
        }
    }
}
