package io.tanja.proxy.http;

import io.tanja.model.authz.RequestAttributes;

/** The head of a request as it was received. Valid only during the call that passes it on. */
public interface RequestHead extends RequestAttributes {
    /** The request target as sent. */
    String target();
}
