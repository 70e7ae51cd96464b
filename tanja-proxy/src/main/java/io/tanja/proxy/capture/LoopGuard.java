package io.tanja.proxy.capture;

import java.net.InetSocketAddress;

/**
 * Recognises connections that were made to the proxy's own capture ports rather than redirected to them. Passing them on
 * would make the proxy call itself for ever (Istio sends them to its BlackHoleCluster).
 *
 * @param inboundPort the port that inbound connections are redirected to
 * @param outboundPort the port that outbound connections are redirected to
 */
public record LoopGuard(int inboundPort, int outboundPort) {
    /**
     * Whether a captured connection leads back into the proxy.
     *
     * @param destination its original destination
     * @param accepted the local address it was accepted at
     */
    public boolean loops(InetSocketAddress destination, InetSocketAddress accepted) {
        if (destination.equals(accepted)) {
            return true;
        }
        boolean own = destination.getAddress().equals(accepted.getAddress())
                || destination.getAddress().isLoopbackAddress();
        return own && (destination.getPort() == inboundPort || destination.getPort() == outboundPort);
    }
}
