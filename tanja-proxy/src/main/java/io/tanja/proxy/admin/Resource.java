package io.tanja.proxy.admin;

/** What the admin server has at a path. */
@FunctionalInterface
public interface Resource {
    /**
     * Answers a GET or HEAD request, now or later. Called on the admin server's event loop; whoever answers later must do
     * so there too, and must see to it that an answer comes.
     */
    void answer(Request request, Reply reply);
}
