package io.tanja.lab.pod;

import io.tanja.lab.image.Images;
import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.PodFiles;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What all pods of a lab share.
 *
 * @param network the address plan
 * @param images what images stand for
 * @param privileges as whom processes run
 * @param sidecar how pods are put into the mesh
 * @param logs folder of the containers' logs
 * @param nginxConf what pods find as nginx's configuration
 * @param clock the time, for the states' dates
 */
public record PodHost(
        AddressPlan network,
        Images images,
        Privileges privileges,
        Sidecar sidecar,
        Path logs,
        String nginxConf,
        InstantSource clock) {
    /** The log of a pod's container. */
    public Path log(String namespace, String pod, String container) {
        return logs.resolve(namespace + "_" + pod + "_" + container + ".log");
    }

    PodFiles files(PodPlan pod) {
        return PodFiles.of(pod.name(), pod.namespace(), pod.addresses(), AddressPlan.GATEWAY, nginxConf);
    }
}
