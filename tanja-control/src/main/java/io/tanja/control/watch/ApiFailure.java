package io.tanja.control.watch;

import io.tanja.model.identity.Quote;

/** The API server did not do what was asked. The message is for people. */
public final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final int status;

    /**
     * @param status the HTTP status; 0 if there is none, since the server was not reached or made no sense
     * @param message what happened; escaped here
     */
    ApiFailure(int status, String message) {
        super(Quote.printable(message));
        this.status = status;
    }

    /** What the API server answered to one request. */
    static ApiFailure answered(int status, String message) {
        return new ApiFailure(status, message.isEmpty() ? "HTTP status " + status : status + " " + message);
    }

    /** An answer that cannot be understood: what it said is lost, so that only a new list helps. */
    static ApiFailure senseless(String message) {
        return new ApiFailure(GONE, message);
    }

    /** The server has forgotten the version that was asked for: only a new list tells what happened since. */
    boolean expired() {
        return status == GONE;
    }

    /** Whether the server was there to refuse it. */
    boolean answered() {
        return status != 0;
    }

    /** There is no such kind in that version. */
    boolean absent() {
        return status == NOT_FOUND;
    }

    /** The message, which is never null. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
