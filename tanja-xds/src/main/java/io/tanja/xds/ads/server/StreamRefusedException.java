package io.tanja.xds.ads.server;

import io.grpc.Status;

/** A request that ends its stream. */
final class StreamRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    /** @param status what the client is told */
    StreamRefusedException(Status status) {
        super(status.getDescription());
        this.status = status;
    }

    Status status() {
        return status;
    }
}
