package io.tanja.model.policy;

/**
 * A policy that has no effect although its author may expect one.
 *
 * @param policy the object, {@code PeerAuthentication test/default}
 * @param reason why it has none
 */
public record Ignored(String policy, String reason) {}
