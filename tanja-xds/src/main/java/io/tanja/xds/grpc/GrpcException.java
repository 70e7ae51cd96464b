package io.tanja.xds.grpc;

/** A call or a connection that failed, with its status. */
public final class GrpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient GrpcStatus status;

    /** Makes one without a stack trace: it tells of the peer, not of a place in this program. */
    public GrpcException(GrpcStatus status) {
        super(status.toString(), null, false, false);
        this.status = status;
    }

    /** How the call ended, never OK. */
    public GrpcStatus status() {
        return status;
    }
}
