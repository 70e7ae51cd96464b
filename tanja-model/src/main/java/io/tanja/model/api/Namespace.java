package io.tanja.model.api;

/** A namespace; its label {@code istio-injection} decides whether its pods join the mesh. */
public record Namespace(ObjectMeta meta, Origin origin) implements ApiObject {}
