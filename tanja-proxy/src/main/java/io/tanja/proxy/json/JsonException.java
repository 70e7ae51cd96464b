package io.tanja.proxy.json;

/** A text is not JSON; the message says what is wrong and where. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    JsonException(String message) {
        super(message);
    }
}
