package io.tanja.model.mesh;

/** What happens to a destination that the registry does not know. */
public enum OutboundPolicy {
    /** It is passed on as it is. */
    ALLOW_ANY,
    /** It is refused. */
    REGISTRY_ONLY
}
