package io.tanja.xds.ads.client;

import java.util.Collection;

/** A subscription to named resources of one type. Safe for use by any thread; takes effect in order of the calls. */
public interface Subscription {
    /** Asks for more names. Names that are subscribed already are asked for again, so that an answer is sure to come. */
    void add(Collection<String> names);

    /**
     * Ends the interest in names, whether asked for or received under another name, and forgets their versions. There is
     * no callback.
     */
    void remove(Collection<String> names);
}
