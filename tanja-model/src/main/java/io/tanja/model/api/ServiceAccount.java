package io.tanja.model.api;

/** An account that pods run as; it gives them their identity. */
public record ServiceAccount(ObjectMeta meta, Origin origin) implements ApiObject {}
