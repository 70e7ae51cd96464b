package io.tanja.model.authz;

import java.util.List;
import java.util.Map;

/** A request as a test writes it; header names in lower case. */
public record FakeRequest(String method, String path, String host, Map<String, List<String>> headers)
        implements RequestAttributes {
    /** A request without headers. */
    public FakeRequest(String method, String path, String host) {
        this(method, path, host, Map.of());
    }

    @Override
    public List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
