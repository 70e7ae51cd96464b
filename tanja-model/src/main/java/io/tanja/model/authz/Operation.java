package io.tanja.model.authz;

/** What a request does: all given fields must match. Field meaning as in Istio's {@code Operation}. */
public record Operation(Values hosts, Values ports, Values methods, Values paths) {}
