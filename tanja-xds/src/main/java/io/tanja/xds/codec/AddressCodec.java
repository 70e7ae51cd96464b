package io.tanja.xds.codec;

import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.proto.istio.workload.Address;
import java.util.List;

/** {@code istio.workload.Address} and what it holds. */
public final class AddressCodec {
    private AddressCodec() {}

    /** Encodes a service. */
    public static Address encode(Service service) {
        return Address.newBuilder().setService(ServiceCodec.encode(service)).build();
    }

    /**
     * Encodes a workload.
     *
     * @param policies names ({@code namespace/name}) of the layer-4 policies whose selector chose this workload, for
     *     clients that fetch policies by themselves
     */
    public static Address encode(Workload workload, List<String> policies) {
        return Address.newBuilder()
                .setWorkload(WorkloadCodec.encode(workload, policies))
                .build();
    }

    /**
     * Decodes an address.
     *
     * @param resource the resource's name, which must be the workload's uid or the service's key
     */
    public static AddressResource decode(String resource, Address message) throws DecodeException {
        FieldPath at = FieldPath.of(resource);
        AddressResource decoded = switch (message.getTypeCase()) {
            case WORKLOAD ->
                new AddressResource.OfWorkload(WorkloadCodec.decode(at.in("workload"), message.getWorkload()));
            case SERVICE -> new AddressResource.OfService(ServiceCodec.decode(at.in("service"), message.getService()));
            case TYPE_NOT_SET -> throw at.wrong("type", "is neither workload nor service");
        };
        if (!decoded.key().equals(resource)) {
            throw at.wrong("name", "does not belong to the content, whose name is " + decoded.key());
        }
        return decoded;
    }
}
