package io.tanja.control.watch;

import java.util.Map;

/**
 * Takes what a {@link KindWatch} learns, in order, from its one thread. Objects are trees as a JSON parser makes them; the
 * items of a list may lack {@code kind} and {@code apiVersion}.
 */
public interface WatchSink {
    /** A list begins; one that was begun before and did not end is void. */
    void listing();

    /** An object of the list. */
    void listed(Map<String, Object> object);

    /**
     * The list is complete: what it did not hold does not exist any more.
     *
     * @param apiVersion the version in which it was read
     */
    void listEnds(String apiVersion);

    /** An object is new or has changed. */
    void changed(Map<String, Object> object);

    /** An object was deleted. */
    void deleted(Map<String, Object> object);

    /** The API server has no such kind. */
    void absent();

    /** What is known may be out of date from now on. */
    void failing(String why);

    /** What is known is up to date, or was so a moment ago. */
    void following();
}
