package io.tanja.control.ca.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;

/** Asks the API server about a token. */
@FunctionalInterface
public interface TokenReviews {
    /**
     * Has a token reviewed.
     *
     * @param audience whom it must be for
     * @throws RuntimeException if the API server cannot be asked, the client's timeouts included
     */
    TokenReviewStatus review(String token, String audience);
}
