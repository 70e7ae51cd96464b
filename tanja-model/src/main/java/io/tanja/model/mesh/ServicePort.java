package io.tanja.model.mesh;

/**
 * One port of a service.
 *
 * @param port the service's port, 1 to 65535
 * @param name the port's name, empty if it has none
 * @param protocol what it is declared to carry
 */
public record ServicePort(int port, String name, AppProtocol protocol) {}
