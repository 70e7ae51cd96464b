package io.tanja.model.authz;

import java.util.List;

/** What is known of an HTTP request when it is judged. Implemented by the proxy over the bytes it has parsed. */
public interface RequestAttributes {
    /** The method as sent. */
    String method();

    /** The normalised path, without query. */
    String path();

    /** The {@code Host} header or {@code :authority}, with its port if it has one. */
    String host();

    /** All values of a header, by lower-case name; empty if absent. */
    List<String> header(String name);
}
