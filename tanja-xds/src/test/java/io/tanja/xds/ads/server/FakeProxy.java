package io.tanja.xds.ads.server;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tanja.xds.proto.envoy.config.core.v3.Node;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of delta ADS that does exactly what a test tells it, and nothing by itself: it neither acknowledges nor
 * reconnects. Responses wait in a queue. One test thread uses it.
 */
public final class FakeProxy implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> closed = new CompletableFuture<>();
    private final ClientCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;
    private boolean named;

    /**
     * Opens a stream.
     *
     * @param token bearer token, null for none
     * @param window how many responses are taken from the wire before {@link #read}
     */
    public FakeProxy(Channel channel, @Nullable String token, int window) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        call = channel.newCall(AdsServer.DELTA, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(DeltaDiscoveryResponse response) {
                        responses.add(response);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed.complete(status);
                    }
                },
                headers);
        read(window);
    }

    /** Takes more responses from the wire. */
    public void read(int count) {
        if (count > 0) {
            call.request(count);
        }
    }

    /** Subscribes to names; none as the first request of a type means all. */
    public void subscribe(String typeUrl, String... names) {
        send(DeltaDiscoveryRequest.newBuilder().setTypeUrl(typeUrl).addAllResourceNamesSubscribe(Arrays.asList(names)));
    }

    /** Subscribes as a client does that was connected before. */
    public void resubscribe(String typeUrl, Map<String, String> versions, String... names) {
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(typeUrl)
                .putAllInitialResourceVersions(versions)
                .addAllResourceNamesSubscribe(Arrays.asList(names)));
    }

    /** Accepts a response. */
    public void ack(DeltaDiscoveryResponse response) {
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce()));
    }

    /** Refuses a response. */
    public void nack(DeltaDiscoveryResponse response, String reason) {
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .setErrorDetail(io.tanja.xds.proto.google.rpc.Status.newBuilder()
                        .setCode(3)
                        .setMessage(reason)));
    }

    /** Sends a request as it is; the first one gets a node. */
    public void send(DeltaDiscoveryRequest.Builder request) {
        if (!named) {
            request.setNode(Node.newBuilder().setId("sidecar~fake"));
            named = true;
        }
        call.sendMessage(request.build());
    }

    /** The next response, waited for. */
    public DeltaDiscoveryResponse next() throws InterruptedException {
        DeltaDiscoveryResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("no response within " + PATIENCE_SECONDS + " s; stream " + closed);
        }
        return response;
    }

    /** The next response, waited for and accepted. */
    public DeltaDiscoveryResponse nextAcked() throws InterruptedException {
        DeltaDiscoveryResponse response = next();
        ack(response);
        return response;
    }

    /** How many responses wait. */
    public int waiting() {
        return responses.size();
    }

    /** How the stream ended, waited for. */
    public Status end() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        call.cancel("the test is over", null);
    }
}
