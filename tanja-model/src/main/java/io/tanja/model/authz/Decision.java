package io.tanja.model.authz;

/**
 * The verdict of the policies, with its reason.
 *
 * @param allowed whether it may pass
 * @param reason which policy and rule decided, such as {@code deny by ns[a]-policy[b]-rule[0]} or {@code no ALLOW policy
 *     matches}
 */
public record Decision(boolean allowed, String reason) {
    /** No policy applies at all. */
    public static final Decision NO_POLICY = new Decision(true, "no policy");
}
