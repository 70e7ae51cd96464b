package io.tanja.xds.codec;

import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;

/** What one {@code istio.workload.Address} holds. */
public sealed interface AddressResource {
    /** The resource's name in xDS. */
    String key();

    /**
     * A service.
     *
     * @param service the service
     */
    record OfService(Service service) implements AddressResource {
        @Override
        public String key() {
            return service.key();
        }
    }

    /**
     * A workload.
     *
     * @param workload the workload
     */
    record OfWorkload(Workload workload) implements AddressResource {
        @Override
        public String key() {
            return workload.uid();
        }
    }
}
