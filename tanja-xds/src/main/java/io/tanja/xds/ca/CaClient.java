package io.tanja.xds.ca;

import io.tanja.xds.grpc.BearerToken;
import io.tanja.xds.grpc.ConnectionListener;
import io.tanja.xds.grpc.GrpcConnection;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.grpc.GrpcException;
import io.tanja.xds.grpc.GrpcStatus;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the CA for certificates, each time over a connection of its own: a call every few hours is not worth one that
 * stays. Safe for use by any thread.
 */
public final class CaClient {
    private static final String PATH = "/istio.v1.auth.IstioCertificateService/CreateCertificate";
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private final GrpcConnector connector;
    private final Supplier<String> token;
    private final String clusterId;
    private final Duration timeout;

    /**
     * Makes a client.
     *
     * @param token the bearer token, asked for on a virtual thread at each call, so it may read a file
     * @param clusterId the Kubernetes cluster, sent as a header unless empty
     * @param timeout for the call, after connecting
     */
    public CaClient(GrpcConnector connector, Supplier<String> token, String clusterId, Duration timeout) {
        this.connector = connector;
        this.token = token;
        this.clusterId = clusterId;
        this.timeout = timeout;
    }

    /**
     * Asks for a certificate.
     *
     * @param csrPem the request, PEM
     * @param ttl wished lifetime, whole seconds
     * @return PEM: the leaf, then intermediates one by one, then all roots in the last element, at least two elements.
     *     Fails with {@link CaException} only. Completed on the connector's event loop or a virtual thread.
     */
    public CompletableFuture<List<String>> createCertificate(String csrPem, Duration ttl) {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        IstioCertificateRequest request = IstioCertificateRequest.newBuilder()
                .setCsr(csrPem)
                .setValidityDuration(ttl.toSeconds())
                .build();
        Thread.ofVirtual().name("ca token").start(() -> {
            try {
                call(request, BearerToken.header(token.get()), result);
            } catch (RuntimeException e) {
                fail(result, CaException.Kind.UNAUTHENTICATED, "no token for the CA: " + e.getMessage());
            }
        });
        return result;
    }

    private void call(IstioCertificateRequest request, String authorization, CompletableFuture<List<String>> result) {
        Map<String, String> metadata = clusterId.isEmpty()
                ? Map.of("authorization", authorization)
                : Map.of("authorization", authorization, "clusterid", clusterId);
        connector.connect(new ConnectionListener() {}).addListener(connected -> {
            if (!connected.isSuccess()) {
                failed(result, connected.cause());
                return;
            }
            GrpcConnection connection = (GrpcConnection) connected.getNow();
            connection
                    .unary(PATH, metadata, timeout, request, IstioCertificateResponse.parser())
                    .addListener(answered -> {
                        connection.close("the call is over");
                        if (answered.isSuccess()) {
                            accept(result, ((IstioCertificateResponse) answered.getNow()).getCertChainList());
                        } else {
                            failed(result, answered.cause());
                        }
                    });
        });
    }

    private static void accept(CompletableFuture<List<String>> result, List<String> chain) {
        if (chain.size() < 2) {
            fail(
                    result,
                    CaException.Kind.INVALID,
                    "the CA's answer has " + chain.size() + " elements; a leaf and a root are the least");
            return;
        }
        for (int i = 0; i < chain.size(); i++) {
            if (!chain.get(i).contains(BEGIN) || !chain.get(i).contains(END)) {
                fail(result, CaException.Kind.INVALID, "element " + i + " of the CA's answer is not a PEM certificate");
                return;
            }
        }
        result.complete(List.copyOf(chain));
    }

    private static void failed(CompletableFuture<List<String>> result, @Nullable Throwable cause) {
        if (cause instanceof GrpcException grpc) {
            fail(result, kind(grpc.status().code()), "the CA did not issue: " + grpc.status());
        } else {
            fail(result, CaException.Kind.UNREACHABLE, String.valueOf(cause));
        }
    }

    private static CaException.Kind kind(GrpcStatus.Code code) {
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED, ABORTED -> CaException.Kind.UNREACHABLE;
            case UNAUTHENTICATED, PERMISSION_DENIED -> CaException.Kind.UNAUTHENTICATED;
            case OK,
                    UNKNOWN,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS -> CaException.Kind.INVALID;
        };
    }

    private static void fail(CompletableFuture<List<String>> result, CaException.Kind kind, String message) {
        result.completeExceptionally(new CaException(kind, message));
    }
}
