package io.tanja.xds.ads.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Serves one catalog at a time to any number of clients over delta ADS
 * ({@code envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources}).
 *
 * <p>It does not authenticate: an interceptor before it does, and tells the verified identity. Safe for use by many
 * threads.
 */
public final class AdsServer {
    /** The one method of the protocol. */
    public static final MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> DELTA =
            MethodDescriptor.<DeltaDiscoveryRequest, DeltaDiscoveryResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName("envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources")
                    .setRequestMarshaller(new RequestMarshaller())
                    .setResponseMarshaller(ProtoLiteUtils.marshaller(DeltaDiscoveryResponse.getDefaultInstance()))
                    .build();

    private final Supplier<SpiffeId> caller;
    private final ThreadFactory threads;
    private final InstantSource clock;
    private final Limits limits;
    private final AtomicLong ids = new AtomicLong();
    private final Set<AdsStream> streams = ConcurrentHashMap.newKeySet();
    private volatile Catalog catalog = Catalog.EMPTY;
    private volatile boolean closed;

    /**
     * Makes a server that serves {@link Catalog#EMPTY}.
     *
     * @param caller the verified identity of the call that the current thread serves; throws IllegalStateException if
     *     there is none, and the call is refused
     * @param threads makes the thread of each stream; virtual threads are meant
     * @param clock tells when a client connected
     */
    public AdsServer(Supplier<SpiffeId> caller, ThreadFactory threads, InstantSource clock, Limits limits) {
        this.caller = caller;
        this.threads = threads;
        this.clock = clock;
        this.limits = limits;
    }

    /** Serves another catalog from now on; every stream gets what has changed for it. */
    public void publish(Catalog next) {
        catalog = next;
        streams.forEach(AdsStream::poke);
    }

    /** The connected clients, oldest first. */
    public List<StreamStatus> streams() {
        return streams.stream()
                .map(AdsStream::status)
                .sorted(Comparator.comparingLong(StreamStatus::id))
                .toList();
    }

    /** Ends all streams, and each that still comes, so that clients go elsewhere at once. */
    public void close() {
        closed = true;
        streams.forEach(stream -> stream.end(Status.UNAVAILABLE.withDescription("the control plane stops")));
    }

    /** What to register with a gRPC server. */
    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("envoy.service.discovery.v3.AggregatedDiscoveryService")
                .addMethod(DELTA, this::start)
                .build();
    }

    private ServerCall.Listener<DeltaDiscoveryRequest> start(
            ServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, Metadata headers) {
        SpiffeId identity;
        try {
            identity = caller.get();
        } catch (IllegalStateException e) {
            call.close(Status.UNAUTHENTICATED.withDescription("no verified identity"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        AdsStream stream = new AdsStream(
                ids.incrementAndGet(),
                call,
                identity,
                peer(call.getAttributes()),
                clock.instant(),
                () -> catalog,
                limits);
        streams.add(stream);
        if (closed) {
            close();
        }
        threads.newThread(() -> {
                    try {
                        stream.run();
                    } finally {
                        streams.remove(stream);
                    }
                })
                .start();
        return stream;
    }

    private static String peer(Attributes attributes) {
        SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address == null ? "unknown" : address.toString().replaceFirst("^/", "");
    }
}
