package io.tanja.control.watch;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a request's path means.
 *
 * @param kind {@code api/v1/pods} or {@code apis/group/v1/plural}
 * @param namespace empty for all
 * @param name empty for the collection
 */
record FakePath(String kind, String namespace, String name, Map<String, String> parameters) {
    static FakePath of(URI uri) {
        String[] parts = uri.getPath().substring(1).split("/");
        int at = parts[0].equals("api") ? 2 : 3;
        String prefix = String.join("/", java.util.Arrays.copyOf(parts, at));
        boolean namespaced = parts[at].equals("namespaces") && parts.length > at + 2;
        String namespace = namespaced ? parts[at + 1] : "";
        int plural = namespaced ? at + 2 : at;
        String name = parts.length > plural + 1 ? parts[plural + 1] : "";
        Map<String, String> parameters = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                String[] both = pair.split("=", 2);
                parameters.put(both[0], URLDecoder.decode(both.length > 1 ? both[1] : "", StandardCharsets.UTF_8));
            }
        }
        return new FakePath(prefix + "/" + parts[plural], namespace, name, parameters);
    }

    /** Whether an object with that key, {@code namespace/name}, is among those that are asked for. */
    boolean selects(String key) {
        String selector = parameters.getOrDefault("fieldSelector", "");
        boolean named = selector.isEmpty() || key.endsWith("/" + selector.substring(selector.indexOf('=') + 1));
        return named && (namespace.isEmpty() || key.startsWith(namespace + "/"));
    }

    String key() {
        return namespace + "/" + name;
    }
}
