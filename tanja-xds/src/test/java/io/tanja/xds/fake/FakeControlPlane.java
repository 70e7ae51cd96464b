package io.tanja.xds.fake;

import com.google.protobuf.MessageLite;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.pki.pem.Certificates;
import io.tanja.xds.grpc.GrpcTarget;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves delta ADS and the certificate call on 127.0.0.1 from what the test sets, and records what it is asked. Its
 * certificate has the name {@value #SERVER_NAME}. Safe for use by any thread.
 */
public final class FakeControlPlane implements AutoCloseable {
    private static final int BIND_ATTEMPTS = 100;
    private static final long BIND_PAUSE_NANOS = 50_000_000;

    /** The name in its certificate. */
    public static final String SERVER_NAME = "control.test";

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final TestPki pki;
    private final SslContext tls;
    private final FakeResources resources = new FakeResources();
    private final List<DeltaDiscoveryRequest> requests = new CopyOnWriteArrayList<>();
    private final List<IstioCertificateRequest> certificateRequests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<FakeAdsStream> streams = new CopyOnWriteArrayList<>();
    private volatile Function<IstioCertificateRequest, List<String>> issuer = request -> {
        throw new StatusRuntimeException(Status.UNIMPLEMENTED);
    };
    private volatile @Nullable Status refusal;
    private volatile boolean mute;
    private @Nullable Server server;
    private int port;

    private FakeControlPlane(TestPki pki) {
        this.pki = pki;
        TestIdentity identity = pki.server(SERVER_NAME);
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(identity.key(), identity.chain().toArray(X509Certificate[]::new));
            tls = GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one on a free port, with a certificate of {@code pki}. */
    public static FakeControlPlane start(TestPki pki) {
        FakeControlPlane fake = new FakeControlPlane(pki);
        fake.port = StablePort.find();
        fake.restart();
        return fake;
    }

    /** Where it is; the port stays the same when it is restarted. */
    public GrpcTarget target() {
        return new GrpcTarget("127.0.0.1", port, SERVER_NAME);
    }

    /** The root to trust, PEM. */
    public byte[] rootPem() {
        return Certificates.pem(pki.roots()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts serving again after {@link #stop()}; resources and their versions are kept. */
    public synchronized void restart() {
        if (server != null) {
            throw new IllegalStateException("it is running");
        }
        Server started = serve();
        server = started;
        port = started.getPort();
    }

    /** Waits for the port: a listening NIO socket is closed for good only when its selector looks again. */
    private Server serve() {
        for (int attempt = 1; ; attempt++) {
            try {
                return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .sslContext(tls)
                        .permitKeepAliveTime(1, TimeUnit.MILLISECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .addService(ServerInterceptors.intercept(ads(), new Recorder()))
                        .addService(ServerInterceptors.intercept(ca(), new Recorder()))
                        .build()
                        .start();
            } catch (IOException e) {
                if (attempt == BIND_ATTEMPTS) {
                    throw new UncheckedIOException(e);
                }
                LockSupport.parkNanos(BIND_PAUSE_NANOS);
            }
        }
    }

    /** Cuts all connections and stops listening. */
    public synchronized void stop() {
        Server running = server;
        server = null;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the fake control plane does not stop");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        streams.clear();
    }

    /** Takes no new calls and lets the running ones be: the client sees GOAWAY. */
    public synchronized void drain() {
        if (server != null) {
            server.shutdown();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** What it serves. Changes reach the open streams at once. */
    public void put(String typeUrl, String name, List<String> aliases, MessageLite value) {
        resources.put(typeUrl, name, aliases, value);
        push();
    }

    /** Ends a resource. */
    public void remove(String typeUrl, String name) {
        resources.remove(typeUrl, name);
        push();
    }

    /** Whether to leave all requests unanswered; what was left so is answered when it ends. */
    public void mute(boolean on) {
        mute = on;
        push();
    }

    /** Refuses every call with {@code status}; null to accept again. */
    public void refuse(@Nullable Status status) {
        refusal = status;
    }

    /** Sends bytes as a message on every open ADS stream, whatever they are. */
    public void sendRaw(byte[] message) {
        streams.forEach(stream -> stream.sendRaw(message));
    }

    /** Sends a response on every open ADS stream. */
    public void send(DeltaDiscoveryResponse response) {
        sendRaw(response.toByteArray());
    }

    /** Ends every open ADS stream with a status. */
    public void endStreams(Status status) {
        streams.forEach(stream -> stream.end(status));
        streams.clear();
    }

    /** How certificates are issued: a chain as Istio's API returns it, or a {@link StatusRuntimeException}. */
    public void issue(Function<IstioCertificateRequest, List<String>> how) {
        issuer = how;
    }

    /** All ADS requests so far, over all streams. */
    public List<DeltaDiscoveryRequest> requests() {
        return List.copyOf(requests);
    }

    /** All certificate requests so far. */
    public List<IstioCertificateRequest> certificateRequests() {
        return List.copyOf(certificateRequests);
    }

    /** The {@code authorization} header of each call so far, empty where there was none. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    private void push() {
        if (!mute) {
            streams.forEach(stream -> stream.answer(false));
        }
    }

    private ServerServiceDefinition ads() {
        MethodDescriptor<DeltaDiscoveryRequest, byte[]> method =
                MethodDescriptor.<DeltaDiscoveryRequest, byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(
                                "envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources")
                        .setRequestMarshaller(ProtoLiteUtils.marshaller(DeltaDiscoveryRequest.getDefaultInstance()))
                        .setResponseMarshaller(new BytesMarshaller())
                        .build();
        return ServerServiceDefinition.builder("envoy.service.discovery.v3.AggregatedDiscoveryService")
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::stream))
                .build();
    }

    private StreamObserver<DeltaDiscoveryRequest> stream(StreamObserver<byte[]> out) {
        FakeAdsStream stream = new FakeAdsStream(out, resources);
        streams.add(stream);
        return new StreamObserver<>() {
            @Override
            public void onNext(DeltaDiscoveryRequest request) {
                requests.add(request);
                stream.take(request);
                if (!mute) {
                    stream.answer(true);
                }
            }

            @Override
            public void onError(Throwable cause) {
                streams.remove(stream);
            }

            @Override
            public void onCompleted() {
                streams.remove(stream);
                out.onCompleted();
            }
        };
    }

    private ServerServiceDefinition ca() {
        var method = MethodDescriptor.<IstioCertificateRequest, IstioCertificateResponse>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("istio.v1.auth.IstioCertificateService/CreateCertificate")
                .setRequestMarshaller(ProtoLiteUtils.marshaller(IstioCertificateRequest.getDefaultInstance()))
                .setResponseMarshaller(ProtoLiteUtils.marshaller(IstioCertificateResponse.getDefaultInstance()))
                .build();
        return ServerServiceDefinition.builder("istio.v1.auth.IstioCertificateService")
                .addMethod(method, ServerCalls.asyncUnaryCall(this::certificate))
                .build();
    }

    private void certificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> out) {
        certificateRequests.add(request);
        if (mute) {
            return;
        }
        try {
            out.onNext(IstioCertificateResponse.newBuilder()
                    .addAllCertChain(issuer.apply(request))
                    .build());
            out.onCompleted();
        } catch (StatusRuntimeException e) {
            out.onError(e);
        }
    }

    private final class Recorder implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            String authorization = headers.get(AUTHORIZATION);
            authorizations.add(authorization == null ? "" : authorization);
            Status refused = refusal;
            if (refused != null) {
                call.close(refused, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }

    /** The versions that it has of a type, by name. */
    public List<String> names(String typeUrl) {
        return new ArrayList<>(resources.of(typeUrl).keySet());
    }
}
