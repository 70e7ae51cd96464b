package io.tanja.proxy.upstream;

import io.tanja.model.security.Refusal;

/** A connection to an upstream could not be had. */
public final class ConnectException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /**
     * Makes one; it has no stack trace, since its reason is its meaning.
     *
     * @param refusal the catalogued cause
     * @param detail expected and actual, for logs
     */
    public ConnectException(Refusal refusal, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
    }

    /** The catalogued cause. */
    public Refusal refusal() {
        return refusal;
    }

    /** Expected and actual, for logs. */
    public String detail() {
        String message = getMessage();
        return message == null ? refusal.meaning() : message;
    }
}
