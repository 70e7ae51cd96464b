package io.tanja.model.mesh;

/**
 * What a sidecar needs to know of one of its workload's ports that a service declares.
 *
 * @param port the workload port
 * @param protocol what the service declares it to carry
 * @param serviceHost the service's full host name, for metrics and {@code x-envoy-decorator-operation}
 * @param servicePort the service's port
 */
public record InboundPort(int port, AppProtocol protocol, String serviceHost, int servicePort) {}
