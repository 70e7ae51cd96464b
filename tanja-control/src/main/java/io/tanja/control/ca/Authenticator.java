package io.tanja.control.ca;

/**
 * Tells who a caller of the control plane is. May block, as asking Kubernetes for a TokenReview does; never called on an
 * event loop. Safe for use by several threads.
 */
@FunctionalInterface
public interface Authenticator {
    /** Judges {@code credentials}; any failure, its own included, is a refusal and never an exception. */
    AuthenticationResult authenticate(CallerCredentials credentials);
}
