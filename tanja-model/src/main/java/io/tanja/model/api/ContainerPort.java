package io.tanja.model.api;

/**
 * A port that a container declares.
 *
 * @param name its name, empty if it has none
 * @param containerPort its number, 1 to 65535
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 */
public record ContainerPort(String name, int containerPort, String protocol) {}
