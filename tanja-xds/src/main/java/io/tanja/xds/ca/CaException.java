package io.tanja.xds.ca;

/** No certificate, and why. The message is safe to log. */
public final class CaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What went wrong. */
    public enum Kind {
        /** There was no answer: no connection, a broken one, or none in time. */
        UNREACHABLE,
        /** The CA does not accept the token, or grants its bearer no certificate. */
        UNAUTHENTICATED,
        /** The CA refused the request, or its answer is not a certificate chain. */
        INVALID
    }

    CaException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}
