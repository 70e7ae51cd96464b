package io.tanja.proxy.redirect;

/** The redirect could not be changed or read; the message names the remedy. */
public final class RedirectException extends Exception {
    private static final long serialVersionUID = 1L;

    RedirectException(String message) {
        super(message);
    }

    RedirectException(String message, Throwable cause) {
        super(message, cause);
    }
}
