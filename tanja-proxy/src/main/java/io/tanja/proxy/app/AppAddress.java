package io.tanja.proxy.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where the application is.
 *
 * @param pod the pod's address, which is what the kubelet would call
 * @param source the address that the redirect lets pass from the proxy to the pod's own address, or null for none
 */
public record AppAddress(InetAddress pod, @Nullable SocketAddress source) {
    /**
     * By the pod's address.
     *
     * @param podIp an address literal, or empty if it is not told: then the application is called on the loopback address
     * @throws IllegalArgumentException if it is no address
     */
    public static AppAddress of(String podIp) {
        if (podIp.isEmpty()) {
            return new AppAddress(InetAddress.ofLiteral("127.0.0.1"), null);
        }
        InetAddress pod = InetAddress.ofLiteral(podIp);
        String source = pod instanceof Inet4Address ? "127.0.0.6" : "::6";
        return new AppAddress(pod, new InetSocketAddress(InetAddress.ofLiteral(source), 0));
    }

    /** The loopback address of the pod's family. */
    InetAddress loopback() {
        return InetAddress.ofLiteral(pod instanceof Inet4Address ? "127.0.0.1" : "::1");
    }

    /** An address and port as a URL has them. */
    static String text(InetAddress address, int port) {
        String host = address.getHostAddress();
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
