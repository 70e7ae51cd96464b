package io.tanja.pki.ca;

import org.jspecify.annotations.Nullable;

/** The CA does not issue. The message is safe to log and holds what was expected and what came. */
public final class IssuanceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final IssuanceRefusal reason;

    IssuanceException(IssuanceRefusal reason, String message) {
        this(reason, message, null);
    }

    IssuanceException(IssuanceRefusal reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public IssuanceRefusal reason() {
        return reason;
    }
}
