package io.tanja.model.api;

/**
 * Who made an object.
 *
 * @param kind the owner's kind, such as {@code ReplicaSet}
 * @param name the owner's name
 * @param controller whether it is the one that manages the object
 */
public record OwnerReference(String kind, String name, boolean controller) {}
