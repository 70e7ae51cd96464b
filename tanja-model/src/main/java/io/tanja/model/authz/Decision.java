package io.tanja.model.authz;

/**
 * The verdict of the policies, with its reason.
 *
 * @param allowed whether it may pass
 * @param reason which policy and rule decided: {@code denied by AuthorizationPolicy ns/name rule 0}, {@code allowed by
 *     AuthorizationPolicy ns/name rule 0}, {@code denied: no ALLOW policy matches (AuthorizationPolicy ns/a, ns/b)}
 */
public record Decision(boolean allowed, String reason) {
    /** No policy applies at all. */
    public static final Decision NO_POLICY = new Decision(true, "no policy");
}
