package io.tanja.proxy.app;

import java.time.Duration;
import java.util.List;

/** A probe of the kubelet as the pod's author wrote it. */
public sealed interface AppProbe {
    /** The application's port, 1 to 65535. */
    int port();

    /** How long the application may take, at least a second. */
    Duration timeout();

    /** What is asked, for logs. */
    String describe();

    /**
     * A GET request; any answer from 200 to 399 is good.
     *
     * @param target path and query, percent-encoded, beginning with a slash
     * @param tls whether by HTTPS, with any certificate
     * @param headers fields that the request must have; a {@code Host} among them replaces the kubelet's
     */
    record HttpGet(int port, String target, boolean tls, List<Field> headers, Duration timeout) implements AppProbe {
        /** Copies the list. */
        public HttpGet {
            headers = List.copyOf(headers);
        }

        @Override
        public String describe() {
            return "GET " + target + " on port " + port + (tls ? " by HTTPS" : "");
        }
    }

    /**
     * A header field.
     *
     * @param name a token (RFC 9110, section 5.6.2)
     * @param value without control characters
     */
    record Field(String name, String value) {}

    /** A connection; that it is accepted is good. */
    record TcpSocket(int port, Duration timeout) implements AppProbe {
        @Override
        public String describe() {
            return "a connection to port " + port;
        }
    }

    /**
     * A call of {@code grpc.health.v1.Health/Check} without TLS; the answer SERVING is good.
     *
     * @param service the service to ask for, empty for the whole server
     */
    record Grpc(int port, String service, Duration timeout) implements AppProbe {
        @Override
        public String describe() {
            return "the health of " + (service.isEmpty() ? "gRPC" : "gRPC service " + service) + " on port " + port;
        }
    }
}
