package io.tanja.proxy.tls;

import javax.net.ssl.SSLException;

/** The peer ended the TCP connection without ending TLS: what came may be cut off. */
final class TruncatedException extends SSLException {
    private static final long serialVersionUID = 1L;

    TruncatedException(String message) {
        super(message);
    }
}
