package io.tanja.pki.pem;

import org.jspecify.annotations.Nullable;

/** Text is not the PEM that was expected. The message starts with the name of the source. */
public final class PemException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message the source, what is wrong with it, and where */
    public PemException(String message) {
        this(message, null);
    }

    /**
     * @param message the source, what is wrong with it, and where
     * @param cause what the parser said, or null
     */
    public PemException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
