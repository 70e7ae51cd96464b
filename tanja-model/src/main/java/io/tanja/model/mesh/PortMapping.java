package io.tanja.model.mesh;

/**
 * Where a service's port ends in one workload.
 *
 * @param servicePort the service's port
 * @param targetPort the port that the workload listens on
 */
public record PortMapping(int servicePort, int targetPort) {}
