package io.tanja.proxy.http;

import io.tanja.model.security.Refusal;

/** A connection whose requests are served, for whoever decides about it as a whole. Called on its event loop. */
public interface ServedConnection {
    /**
     * Makes the next answer the last: it says {@code connection: close}. A tunnel, which no answer ends, is reset at once.
     *
     * @param refusal why, for a tunnel's record
     * @param detail more of it
     */
    void retire(Refusal refusal, String detail);

    /**
     * Ends the connection without waiting for an answer. Between requests it is closed in order. A request that was not
     * answered yet is answered here; one in the middle of its response is cut off by a reset.
     *
     * @param status the answer's status
     * @param text the answer's text
     * @param refusal why, for the request's record
     * @param detail more of it
     */
    void end(int status, String text, Refusal refusal, String detail);
}
