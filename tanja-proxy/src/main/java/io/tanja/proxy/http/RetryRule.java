package io.tanja.proxy.http;

import io.tanja.model.security.Refusal;

/**
 * Whether a request is sent again after an attempt that ended before a byte of the response came. Istio's defaults are
 * two retries, outbound on {@code connect-failure} and inbound on {@code reset-before-request}
 * ({@code pilot/pkg/networking/core/route/retry/retry.go}); a request that surely never reached the upstream fits both.
 * Beyond them, a connection that was used before and closes without a word is taken for one that the upstream had closed
 * for idleness (RFC 9112, section 9.3.1): the request is sent again if its method is idempotent.
 */
final class RetryRule {
    private RetryRule() {}

    /** How an attempt ended. */
    enum Failure {
        /** There was no connection. */
        NOT_CONNECTED,
        /** The connection broke before the request's head had left. */
        NOT_SENT,
        /** A connection that was used before closed without a word. */
        STALE,
        /** A new connection closed without a word. */
        RESET
    }

    /**
     * Decides.
     *
     * @param replayable whether all that was sent is still at hand
     * @param attempts attempts made so far
     */
    static boolean again(Failure failure, boolean idempotent, boolean replayable, int attempts, int retries) {
        if (!replayable || attempts > retries) {
            return false;
        }
        return switch (failure) {
            case NOT_CONNECTED, NOT_SENT -> true;
            case STALE -> idempotent;
            case RESET -> false;
        };
    }

    /** Whether another attempt could end otherwise: not if the reason is this proxy's own. */
    static boolean curable(Refusal refusal) {
        return switch (refusal) {
            case OWN_CERTIFICATE_MISSING, OWN_CERTIFICATE_EXPIRED, LIMIT_REACHED, DRAINING, LOOP -> false;
            default -> true;
        };
    }

    /** RFC 9110, section 9.2.2. */
    static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    /** Envoy's words for why there is no connection. */
    static String resetReason(Refusal refusal) {
        return switch (refusal) {
            case CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT -> "connection timeout";
            case LIMIT_REACHED -> "overflow";
            case OWN_CERTIFICATE_MISSING, OWN_CERTIFICATE_EXPIRED -> "local connection failure";
            default -> "remote connection failure";
        };
    }
}
