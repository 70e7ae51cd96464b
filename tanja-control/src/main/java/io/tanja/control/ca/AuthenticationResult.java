package io.tanja.control.ca;

/** Who a caller is, or why it is nobody. */
public sealed interface AuthenticationResult {
    /**
     * The credentials are good.
     *
     * @param caller whom they belong to
     */
    record Authenticated(Caller caller) implements AuthenticationResult {}

    /**
     * The credentials are not.
     *
     * @param reason for our log only, escaped; the caller learns nothing from it
     */
    record Refused(String reason) implements AuthenticationResult {}
}
