package io.tanja.proxy.tls;

import java.time.Duration;
import javax.net.ssl.SSLException;

/** The handshake did not end in time. */
final class HandshakeTimeoutException extends SSLException {
    private static final long serialVersionUID = 1L;

    HandshakeTimeoutException(Duration timeout) {
        super("the handshake did not end within " + timeout.toMillis() + " ms");
    }
}
