package io.tanja.xds.grpc;

import java.time.Duration;

/**
 * Times and limits of a connection.
 *
 * @param connectTimeout from the name look-up to the peer's first HTTP/2 settings
 * @param keepAliveInterval how long a connection may be silent before it is asked whether it lives; not under 15 s
 *     towards a peer that we do not know, istiod and others close connections that ask too often
 * @param keepAliveTimeout how long the answer to that may take
 * @param maxMessage longest message accepted, in bytes
 */
public record GrpcSettings(
        Duration connectTimeout, Duration keepAliveInterval, Duration keepAliveTimeout, int maxMessage) {
    /** What a proxy uses. */
    public static final GrpcSettings DEFAULT =
            new GrpcSettings(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10), 64 << 20);
}
