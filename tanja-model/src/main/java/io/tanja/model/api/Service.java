package io.tanja.model.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes Service.
 *
 * @param type {@code ClusterIP} unless given, {@code NodePort}, {@code LoadBalancer}, {@code ExternalName}
 * @param selector labels of the pods behind it; empty if its endpoints are managed by hand
 * @param clusterIPs its virtual addresses; empty if it is headless or has none yet
 * @param headless whether it was declared to have no virtual address
 * @param ports its ports
 */
public record Service(
        ObjectMeta meta,
        Origin origin,
        String type,
        Map<String, String> selector,
        List<InetAddress> clusterIPs,
        boolean headless,
        List<Port> ports)
        implements ApiObject {
    /** Copies the collections. */
    public Service {
        selector = Map.copyOf(selector);
        clusterIPs = List.copyOf(clusterIPs);
        ports = List.copyOf(ports);
    }

    /**
     * One port.
     *
     * @param name its name, empty if it has none
     * @param port its number, 1 to 65535
     * @param target where it ends in the pod
     * @param appProtocol the declared protocol, or null
     * @param protocol the transport, {@code TCP}, {@code UDP} or {@code SCTP}
     */
    public record Port(
            String name,
            int port,
            TargetPort target,
            @Nullable String appProtocol,
            String protocol) {}

    /** Where a port ends in a pod. */
    public sealed interface TargetPort {
        /**
         * A port number.
         *
         * @param port 1 to 65535
         */
        record Numbered(int port) implements TargetPort {}

        /**
         * The name of a container port, which may stand for different numbers in different pods.
         *
         * @param name the name
         */
        record Named(String name) implements TargetPort {}

        /** The port's number in a pod; empty if the pod has no container port of that name. */
        default OptionalInt in(PodSpec pod) {
            return switch (this) {
                case Numbered n -> OptionalInt.of(n.port());
                case Named n -> pod.port(n.name());
            };
        }
    }
}
