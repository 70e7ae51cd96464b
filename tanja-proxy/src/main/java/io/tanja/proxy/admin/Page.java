package io.tanja.proxy.admin;

/** A resource that is made at once and of one piece. */
public interface Page extends Resource {
    /** Makes the page. Called on the admin server's own thread. */
    Answer answer();

    @Override
    default void answer(Request request, Reply reply) {
        reply.send(answer());
    }

    /**
     * What is sent.
     *
     * @param status the status code, 200 to 599
     * @param contentType the content type
     * @param body the body; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, from the page to the wire.
    record Answer(int status, String contentType, byte[] body) {}
}
