package io.tanja.proxy.app;

/** A setting about the application cannot be used; the message names the entry and field, and what is wrong. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    SettingsException(String message) {
        super(message);
    }
}
