package io.tanja.control.ca;

import org.jspecify.annotations.Nullable;

/**
 * What a caller shows.
 *
 * @param bearerToken the token of its {@code authorization} header; null if there is none
 * @param peer its address, for messages only: an address is never a credential
 */
public record CallerCredentials(@Nullable String bearerToken, String peer) {
    /** Does not show the token. */
    @Override
    public String toString() {
        return "CallerCredentials[" + (bearerToken == null ? "no token" : "token") + ", peer=" + peer + "]";
    }
}
