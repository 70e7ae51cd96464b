package io.tanja.model.mesh;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a service port is declared to carry. Follows Istio's {@code pkg/config/kube/conversion.go}: {@code appProtocol}
 * beats the port's name, the name counts up to its first {@code -}, case does not matter.
 */
public enum AppProtocol {
    /** HTTP/1.x. */
    HTTP,
    /** HTTP/2 with prior knowledge. */
    HTTP2,
    /** gRPC, carried as HTTP/2. */
    GRPC,
    /** Opaque bytes. */
    TCP,
    /** TLS of the application, opaque to the mesh. */
    TLS,
    /** Not TCP: never captured. */
    UDP,
    /** Nothing declared: decided from the first bytes of each connection. */
    AUTO;

    /** Whether a proxy reads requests on such a port without looking at the bytes first. */
    public boolean isHttp() {
        return this == HTTP || this == HTTP2 || this == GRPC;
    }

    /** Whether the bytes are opaque to the proxy whatever they are. */
    public boolean isOpaque() {
        return this == TCP || this == TLS;
    }

    /**
     * Reads the protocol of a port.
     *
     * @param portName the port's name in the Service, or null
     * @param appProtocol the port's {@code appProtocol}, or null
     * @param transport the port's transport, {@code TCP} or {@code UDP}
     * @param port the service port, 1 to 65535: 25, 53, 3306 and 27017 are server-first by convention, hence TCP
     */
    public static AppProtocol declared(
            @Nullable String portName, @Nullable String appProtocol, String transport, int port) {
        if (transport.equalsIgnoreCase("UDP")) {
            return UDP;
        }
        AppProtocol byField = appProtocol == null ? AUTO : named(appProtocol);
        if (byField != AUTO) {
            return byField;
        }
        AppProtocol byName = portName == null ? AUTO : named(portName);
        if (byName != AUTO) {
            return byName;
        }
        return switch (port) {
            case 25, 53, 3306, 27017 -> TCP;
            default -> AUTO;
        };
    }

    private static AppProtocol named(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.startsWith("grpc-web")) {
            return HTTP;
        }
        int dash = name.indexOf('-');
        return switch (name) {
            case "kubernetes.io/h2c" -> HTTP2;
            case "kubernetes.io/ws" -> HTTP;
            case "kubernetes.io/wss" -> TLS;
            default -> prefixed(dash < 0 ? name : name.substring(0, dash));
        };
    }

    private static AppProtocol prefixed(String prefix) {
        return switch (prefix) {
            case "http", "http_proxy" -> HTTP;
            case "http2" -> HTTP2;
            case "grpc" -> GRPC;
            case "https", "tls" -> TLS;
            case "tcp", "mongo", "redis", "mysql" -> TCP;
            case "udp" -> UDP;
            default -> AUTO;
        };
    }
}
