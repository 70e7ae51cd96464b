package io.tanja.xds.grpc;

/**
 * Where a control plane is.
 *
 * @param host name or IP address to connect to
 * @param port TCP port
 * @param serverName the DNS name (or IP address) that its certificate must have
 */
public record GrpcTarget(String host, int port, String serverName) {
    /** A control plane whose certificate has the name that it is reached by. */
    public static GrpcTarget of(String host, int port) {
        return new GrpcTarget(host, port, host);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
