package io.tanja.proxy.config;

import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import java.util.List;

/** What an IP address is, as far as the mesh knows. */
public sealed interface Lookup {
    /**
     * The virtual address of a service.
     *
     * @param service the service
     * @param workloads all workloads behind it, ready or not
     */
    record ServiceHit(Service service, List<Workload> workloads) implements Lookup {
        public ServiceHit {
            workloads = List.copyOf(workloads);
        }
    }

    /**
     * The address of one workload.
     *
     * @param workload the workload
     */
    record WorkloadHit(Workload workload) implements Lookup {}

    /** The control plane says that it knows no such address. */
    record NotInMesh() implements Lookup {}

    /**
     * The address is not known, and the control plane could not be asked: the destination may be meshed.
     *
     * @param why for logs
     */
    record Unavailable(String why) implements Lookup {}
}
