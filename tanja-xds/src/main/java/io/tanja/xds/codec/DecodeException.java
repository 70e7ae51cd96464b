package io.tanja.xds.codec;

import io.tanja.model.identity.Quote;

/** A resource from the control plane that cannot be used. Names the resource and the field; safe to log. */
public final class DecodeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String resource;
    private final String field;

    /**
     * Makes one.
     *
     * @param resource the resource's name, as received
     * @param field path of the field, such as {@code services[a/b].ports[0].target_port}
     * @param reason what is wrong with it
     */
    public DecodeException(String resource, String field, String reason) {
        super("resource \"" + Quote.printable(resource) + "\", field " + Quote.printable(field) + ": "
                + Quote.printable(reason));
        this.resource = resource;
        this.field = field;
    }

    /** Name of the resource, unescaped. */
    public String resource() {
        return resource;
    }

    /** Path of the field. */
    public String field() {
        return field;
    }
}
