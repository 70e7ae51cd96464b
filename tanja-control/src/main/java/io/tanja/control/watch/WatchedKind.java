package io.tanja.control.watch;

import java.util.List;

/**
 * What is watched, in all namespaces.
 *
 * @param kind the kind, {@code PeerAuthentication}
 * @param plural its name in paths, {@code peerauthentications}
 * @param apiVersions versions in which it may be served, the preferred one first, {@code security.istio.io/v1}
 * @param query parameters that narrow it down, encoded, such as {@code fieldSelector=metadata.name%3Distio}; may be empty
 * @param builtIn whether every API server has it; any other kind may be installed later
 */
public record WatchedKind(String kind, String plural, List<String> apiVersions, String query, boolean builtIn) {
    /** Copies the list. */
    public WatchedKind {
        apiVersions = List.copyOf(apiVersions);
    }

    /** A kind of Kubernetes itself, all of its objects. */
    public static WatchedKind builtIn(String kind, String plural, String apiVersion) {
        return new WatchedKind(kind, plural, List.of(apiVersion), "", true);
    }

    /** The path of the collection in one version. */
    String path(String apiVersion) {
        return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion + "/" + plural;
    }

    /** How people and kubectl name it, {@code peerauthentications.security.istio.io}. */
    public String resource() {
        String first = apiVersions.getFirst();
        int slash = first.indexOf('/');
        return slash < 0 ? plural : plural + "." + first.substring(0, slash);
    }
}
