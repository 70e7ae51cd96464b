package io.tanja.control.ca;

/**
 * The pod that a token is bound to.
 *
 * @param name its name
 * @param uid its uid
 */
public record PodReference(String name, String uid) {}
