package io.tanja.proxy;

import io.tanja.proxy.capture.ConnectionLimit;
import io.tanja.proxy.http.Http1Settings;
import io.tanja.proxy.upstream.PoolSettings;
import java.time.Duration;

/**
 * How the data path runs.
 *
 * @param bindAddress where both capture ports listen; {@code ::} takes IPv4 and IPv6
 * @param inboundPort the port that inbound connections are redirected to, 0 for any free one
 * @param outboundPort the port that outbound connections are redirected to, 0 for any free one
 * @param eventLoops threads of the data path, at least 1
 * @param backlog how many connections may wait to be accepted
 * @param limit how many captured connections and sockets may be open
 * @param detection how long a silent caller is waited for on a port that may carry a server-first protocol
 * @param handshake how long a TLS handshake, or the rest of a ClientHello, may take
 * @param connect how long a TCP connection to an upstream may take
 * @param idle how long a connection may carry nothing
 * @param grace how long a request may go on that was allowed, on a connection whose requests no longer can be
 * @param connectAttempts to how many endpoints a TCP connection is tried, at least 1
 * @param http limits and choices of HTTP
 * @param pool limits of the pools of upstream connections
 * @param mark firewall mark of all upstream sockets, 0 for none
 */
public record ProxySettings(
        String bindAddress,
        int inboundPort,
        int outboundPort,
        int eventLoops,
        int backlog,
        ConnectionLimit limit,
        Duration detection,
        Duration handshake,
        Duration connect,
        Duration idle,
        Duration grace,
        int connectAttempts,
        Http1Settings http,
        PoolSettings pool,
        int mark) {
    /** Istio's ports and time-outs. */
    public static final ProxySettings DEFAULT = new ProxySettings(
            "::",
            15006,
            15001,
            1,
            4096,
            new ConnectionLimit(65_536, 131_072),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofSeconds(5),
            3,
            Http1Settings.defaults(),
            PoolSettings.defaults(),
            0);

    /** @throws IllegalArgumentException if a number is out of its range */
    public ProxySettings {
        require(eventLoops >= 1, "eventLoops must be at least 1");
        require(connectAttempts >= 1, "connectAttempts must be at least 1");
        require(inboundPort >= 0 && inboundPort <= 65535, "inboundPort must be 0 to 65535");
        require(outboundPort >= 0 && outboundPort <= 65535, "outboundPort must be 0 to 65535");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
