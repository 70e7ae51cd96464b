package io.tanja.pki.ca;

import org.jspecify.annotations.Nullable;

/** A folder does not hold a usable CA. The message names the file, what is wrong with it, and the remedy. */
public final class CaMaterialException extends Exception {
    private static final long serialVersionUID = 1L;

    CaMaterialException(String message) {
        this(message, null);
    }

    CaMaterialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
