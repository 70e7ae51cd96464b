package io.tanja.pki.ca;

import org.jspecify.annotations.Nullable;

/** A folder or Secret does not hold a usable CA. The message names the part, what is wrong with it, and the remedy. */
public final class CaMaterialException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message names the part, what is wrong with it, and the remedy */
    public CaMaterialException(String message) {
        this(message, null);
    }

    /**
     * As above.
     *
     * @param cause what made it unusable; must not tell of a private key
     */
    public CaMaterialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
