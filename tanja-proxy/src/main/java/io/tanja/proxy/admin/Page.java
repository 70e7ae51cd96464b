package io.tanja.proxy.admin;

/** One page of the admin server. */
public interface Page {
    /** Makes the page. Called on the admin server's own thread. */
    Answer answer();

    /**
     * What is sent.
     *
     * @param status the status code
     * @param contentType the content type
     * @param body the body; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, from the page to the wire.
    record Answer(int status, String contentType, byte[] body) {}
}
