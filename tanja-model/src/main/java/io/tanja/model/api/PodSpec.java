package io.tanja.model.api;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a pod runs.
 *
 * @param serviceAccountName the account, {@code default} unless given
 * @param hostNetwork whether it uses the node's network; such pods are never in the mesh
 * @param initContainers containers that run before the others
 * @param containers its containers, at least one
 */
public record PodSpec(
        String serviceAccountName, boolean hostNetwork, List<Container> initContainers, List<Container> containers) {
    /** Copies the lists. */
    public PodSpec {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
    }

    /** The number of the container port of that name, as a Service's {@code targetPort} may name it. */
    public OptionalInt port(String name) {
        return containers.stream()
                .flatMap(c -> c.ports().stream())
                .filter(p -> p.name().equals(name))
                .mapToInt(ContainerPort::containerPort)
                .findFirst();
    }
}
