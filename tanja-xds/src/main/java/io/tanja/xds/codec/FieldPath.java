package io.tanja.xds.codec;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.TrustDomain;

/**
 * Where in a resource a decoder stands, and the checks that several decoders share.
 *
 * @param resource name of the resource
 * @param path path of the message inside it, empty or ending in a dot
 */
record FieldPath(String resource, String path) {
    private static final int MAX_PORT = 65535;

    static FieldPath of(String resource) {
        return new FieldPath(resource, "");
    }

    FieldPath in(String field) {
        return new FieldPath(resource, path + field + ".");
    }

    FieldPath in(String field, Object key) {
        return in(field + "[" + key + "]");
    }

    DecodeException wrong(String field, String reason) {
        return new DecodeException(resource, path + field, reason);
    }

    String required(String field, String value) throws DecodeException {
        if (value.isEmpty()) {
            throw wrong(field, "is missing");
        }
        return value;
    }

    int port(String field, int value) throws DecodeException {
        if (value < 1 || value > MAX_PORT) {
            throw wrong(field, Integer.toUnsignedString(value) + " is not a port (1 to 65535)");
        }
        return value;
    }

    NamespacedName name(String namespace, String name) throws DecodeException {
        return new NamespacedName(required("namespace", namespace), required("name", name));
    }

    TrustDomain trustDomain(String field, String name) throws DecodeException {
        try {
            return new TrustDomain(name);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(resource, path + field, String.valueOf(e.getMessage()));
        }
    }
}
