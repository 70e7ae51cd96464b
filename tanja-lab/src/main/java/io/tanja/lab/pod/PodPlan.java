package io.tanja.lab.pod;

import io.tanja.lab.object.LabObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a pod is to be, fixed when it is made.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uid its unique id
 * @param annotations its annotations
 * @param serviceAccount the account it runs under
 * @param index its place in the address plan
 * @param addresses its addresses, IPv4 first
 * @param meshed whether it has a sidecar
 * @param containers what it runs, without the sidecar
 * @param graceSeconds how long its processes may take to end, seconds
 */
public record PodPlan(
        String namespace,
        String name,
        String uid,
        Map<String, String> annotations,
        String serviceAccount,
        int index,
        List<InetAddress> addresses,
        boolean meshed,
        List<ContainerPlan> containers,
        int graceSeconds) {
    /** Name of the sidecar's container. */
    public static final String SIDECAR = "istio-proxy";

    private static final int DEFAULT_GRACE_SECONDS = 30;

    /** Copies the lists. */
    public PodPlan {
        annotations = Map.copyOf(annotations);
        addresses = List.copyOf(addresses);
        containers = List.copyOf(containers);
    }

    /** Reads the plan of a Pod object, whose containers include the sidecar if it is meshed. */
    public static PodPlan read(LabObject pod, int index, List<InetAddress> addresses) {
        String namespace = pod.key().namespace();
        String name = pod.key().name();
        String account = pod.spec().path("serviceAccountName").asString("default");
        boolean meshed = false;
        List<ContainerPlan> containers = new ArrayList<>();
        for (JsonNode container : pod.spec().path("containers")) {
            if (container.path("name").asString("").equals(SIDECAR)) {
                meshed = true;
            } else {
                containers.add(ContainerPlan.read(container));
            }
        }
        int grace = pod.spec().path("terminationGracePeriodSeconds").asInt(DEFAULT_GRACE_SECONDS);
        return new PodPlan(
                namespace,
                name,
                pod.metadata().path("uid").asString(""),
                pod.annotations(),
                account,
                index,
                addresses,
                meshed,
                containers,
                grace);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
