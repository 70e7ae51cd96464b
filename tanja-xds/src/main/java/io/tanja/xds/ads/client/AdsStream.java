package io.tanja.xds.ads.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.util.concurrent.Future;
import io.tanja.xds.grpc.ConnectionListener;
import io.tanja.xds.grpc.GrpcConnection;
import io.tanja.xds.grpc.GrpcStatus;
import io.tanja.xds.grpc.GrpcStream;
import io.tanja.xds.grpc.StreamListener;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One delta ADS stream on its own connection, from opening to end. Runs on the client's event loop. */
final class AdsStream implements StreamListener, ConnectionListener {
    private static final String PATH =
            "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private final AdsSettings settings;
    private final Collection<TypeState<?>> types;
    private final Owner owner;
    private @Nullable GrpcConnection connection;
    private @Nullable GrpcStream call;
    private @Nullable Future<?> firstAnswer;
    private boolean introduced;
    private boolean answered;
    private boolean ended;

    /** Who the stream belongs to. */
    interface Owner {
        void answered(AdsStream by);

        /** Told once after the stream was opened. */
        void ended(AdsStream by, String reason);
    }

    AdsStream(AdsSettings settings, Collection<TypeState<?>> types, Owner owner) {
        this.settings = settings;
        this.types = types;
        this.owner = owner;
    }

    void open(GrpcConnection on, String authorization) {
        connection = on;
        if (ended) {
            owner.ended(this, "the connection closed at once");
            return;
        }
        Map<String, String> metadata = settings.clusterId().isEmpty()
                ? Map.of("authorization", authorization)
                : Map.of("authorization", authorization, "clusterid", settings.clusterId());
        call = on.open(PATH, metadata, Duration.ZERO, this);
        for (TypeState<?> type : List.copyOf(types)) {
            DeltaDiscoveryRequest request = type.begin();
            if (request != null) {
                send(request);
            }
        }
    }

    void send(DeltaDiscoveryRequest request) {
        if (ended || call == null || connection == null) {
            return;
        }
        call.send(
                introduced
                        ? request
                        : request.toBuilder().setNode(settings.node()).build());
        introduced = true;
        if (!answered && firstAnswer == null) {
            long nanos = settings.firstAnswer().toNanos();
            firstAnswer = connection.eventLoop().schedule(this::silent, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void silent() {
        end("no answer within " + settings.firstAnswer().toMillis() + " ms");
    }

    @Override
    public void onMessage(ByteBuf message) throws IOException {
        DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseFrom(new ByteBufInputStream(message));
        if (!answered) {
            answered = true;
            if (firstAnswer != null) {
                firstAnswer.cancel(false);
            }
            owner.answered(this);
        }
        for (TypeState<?> type : types) {
            if (type.type().url().equals(response.getTypeUrl())) {
                send(type.apply(response));
                return;
            }
        }
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .setErrorDetail(TypeState.refusal("this type was not subscribed"))
                .build());
    }

    @Override
    public void onClosed(GrpcStatus status) {
        end(status.isOk() ? "the control plane ended the stream" : status.toString());
    }

    @Override
    public void onGoAway(String reason) {
        end(reason);
    }

    @Override
    public void onClosed(String reason) {
        end(reason);
    }

    /** Ends the stream and its connection; nothing happens if it has ended. */
    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        if (firstAnswer != null) {
            firstAnswer.cancel(false);
        }
        if (call != null) {
            call.cancel(reason);
        }
        if (connection != null) {
            connection.close(reason);
        }
        owner.ended(this, reason);
    }
}
