package io.tanja.xds.ads.server;

import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.InputStream;

/**
 * Decodes requests, and hands on one that does not decode as {@link #UNDECODABLE}: an exception here would end in gRPC's
 * own log with a stack trace, once for each message that somebody cares to send.
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<DeltaDiscoveryRequest> {
    /** Stands for bytes that are no request; the stream is refused. */
    static final DeltaDiscoveryRequest UNDECODABLE =
            DeltaDiscoveryRequest.newBuilder().setTypeUrl("\0undecodable").build();

    private final MethodDescriptor.Marshaller<DeltaDiscoveryRequest> protobuf =
            ProtoLiteUtils.marshaller(DeltaDiscoveryRequest.getDefaultInstance());

    @Override
    public InputStream stream(DeltaDiscoveryRequest request) {
        return protobuf.stream(request);
    }

    @Override
    public DeltaDiscoveryRequest parse(InputStream stream) {
        try {
            return protobuf.parse(stream);
        } catch (StatusRuntimeException e) {
            return UNDECODABLE;
        }
    }
}
