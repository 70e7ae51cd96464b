package io.tanja.proxy.http;

import java.time.Duration;
import java.util.Set;

/**
 * Limits and choices of the HTTP/1 proxy.
 *
 * @param maxHeadBytes the largest head, request or response, in octets
 * @param maxFields the most header fields of one head
 * @param maxTrailerBytes the largest trailer section, in octets
 * @param acceptHttp10 whether requests of HTTP/1.0 are served; Istio refuses them with 426 unless told otherwise
 * @param upgrades protocols that a connection may be upgraded to, in lower case; others are answered 403
 * @param headTimeout how long a request's head may take from its first octet
 * @param idleTimeout how long a connection may stay without a request
 * @param lingerTimeout how long the rest of a request is read after the answer that closes the connection
 * @param retries attempts after the first
 */
public record Http1Settings(
        int maxHeadBytes,
        int maxFields,
        int maxTrailerBytes,
        boolean acceptHttp10,
        Set<String> upgrades,
        Duration headTimeout,
        Duration idleTimeout,
        Duration lingerTimeout,
        int retries) {
    /** @throws IllegalArgumentException if a number or time is not positive */
    public Http1Settings {
        upgrades = Set.copyOf(upgrades);
        if (maxHeadBytes < 1 || maxFields < 1 || maxTrailerBytes < 1 || retries < 0) {
            throw new IllegalArgumentException("limits must be positive, retries must not be negative");
        }
        if (!headTimeout.isPositive() || !idleTimeout.isPositive() || !lingerTimeout.isPositive()) {
            throw new IllegalArgumentException("times must be positive");
        }
    }

    /** What Istio's sidecars do: 60 KiB and 100 fields (Envoy's defaults), one hour idle, two retries. */
    public static Http1Settings defaults() {
        return new Http1Settings(
                60 * 1024,
                100,
                8 * 1024,
                false,
                Set.of("websocket"),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                2);
    }

    /** The same, but HTTP/1.0 is served. */
    public Http1Settings withHttp10() {
        return new Http1Settings(
                maxHeadBytes,
                maxFields,
                maxTrailerBytes,
                true,
                upgrades,
                headTimeout,
                idleTimeout,
                lingerTimeout,
                retries);
    }
}
