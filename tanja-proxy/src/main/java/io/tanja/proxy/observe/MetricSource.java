package io.tanja.proxy.observe;

/** A part of the proxy that has figures to show. */
public interface MetricSource {
    /** Writes whole families. Called on the thread that answers the scrape. */
    void write(Exposition out);
}
