package io.tanja.proxy.app;

import io.netty.util.concurrent.Future;
import io.tanja.xds.grpc.ConnectionListener;
import io.tanja.xds.grpc.GrpcConnection;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.grpc.GrpcSettings;
import io.tanja.xds.grpc.GrpcTarget;
import io.tanja.xds.proto.grpc.health.HealthCheckRequest;
import io.tanja.xds.proto.grpc.health.HealthCheckResponse;
import io.tanja.xds.proto.grpc.health.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of the gRPC health checking protocol, over a connection of its own. Used on the client's event loop. */
final class GrpcProbe {
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final Duration NO_PING = Duration.ofHours(1);
    private static final int MAX_MESSAGE = 4096;

    private GrpcProbe() {}

    /**
     * Asks.
     *
     * @param userAgent the kubelet's name for itself, passed on
     * @param outcome told once: why it failed, or null if the application serves
     */
    static void ask(
            AppClient client, AppProbe.Grpc probe, @Nullable String userAgent, Consumer<@Nullable String> outcome) {
        AppAddress address = client.address();
        GrpcTarget target = new GrpcTarget(
                address.pod().getHostAddress(), probe.port(), AppAddress.text(address.pod(), probe.port()));
        GrpcSettings settings = new GrpcSettings(probe.timeout(), NO_PING, NO_PING, MAX_MESSAGE);
        long began = System.nanoTime();
        GrpcConnector.cleartext(client.loop(), client.sockets(), target, address.source(), settings)
                .connect(new ConnectionListener() {})
                .addListener((Future<GrpcConnection> connected) -> {
                    if (!connected.isSuccess()) {
                        outcome.accept(AppClient.reason(connected.cause()));
                        return;
                    }
                    Duration left = probe.timeout().minusNanos(System.nanoTime() - began);
                    check(connected.getNow(), probe, userAgent, left, outcome);
                });
    }

    private static void check(
            GrpcConnection connection,
            AppProbe.Grpc probe,
            @Nullable String userAgent,
            Duration left,
            Consumer<@Nullable String> outcome) {
        HealthCheckRequest request =
                HealthCheckRequest.newBuilder().setService(probe.service()).build();
        Map<String, String> metadata = userAgent == null ? Map.of() : Map.of("user-agent", userAgent);
        // Zero would be no limit.
        Duration timeout = left.isPositive() ? left : Duration.ofNanos(1);
        connection
                .unary(PATH, metadata, timeout, request, HealthCheckResponse.parser())
                .addListener((Future<HealthCheckResponse> answered) -> {
                    connection.close("the probe is over");
                    if (!answered.isSuccess()) {
                        outcome.accept(AppClient.reason(answered.cause()));
                    } else if (answered.getNow().getStatus() == ServingStatus.SERVING) {
                        outcome.accept(null);
                    } else {
                        outcome.accept(
                                "it answered " + answered.getNow().getStatus().name());
                    }
                });
    }
}
