package io.tanja.proxy.identity;

/** The CA issued something that cannot be used. The message is safe to log. */
final class BadCertificateException extends Exception {
    private static final long serialVersionUID = 1L;

    BadCertificateException(String message) {
        super(message);
    }
}
