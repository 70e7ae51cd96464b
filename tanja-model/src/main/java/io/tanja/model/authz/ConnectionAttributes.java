package io.tanja.model.authz;

import io.tanja.model.identity.SpiffeId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection when it is judged.
 *
 * @param source the caller's verified identity, null without mutual TLS
 * @param sourceIp the direct peer's address
 * @param destinationIp the address that was called
 * @param destinationPort the workload port that was called
 * @param sni the server name of the caller's TLS, null without
 */
public record ConnectionAttributes(
        @Nullable SpiffeId source,
        InetAddress sourceIp,
        InetAddress destinationIp,
        int destinationPort,
        @Nullable String sni) {}
