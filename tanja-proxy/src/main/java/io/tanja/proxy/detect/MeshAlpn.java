package io.tanja.proxy.detect;

import java.util.List;
import java.util.Set;

/** The protocol names by which mutual TLS of the mesh is recognised (Istio, {@code networking/core/listener.go}). */
public final class MeshAlpn {
    /** What a client offers when HTTP/1.1 is inside. */
    public static final List<String> HTTP1 = List.of("istio-http/1.1", "istio", "http/1.1");

    /** What a client offers for bytes. Never {@code istio-peer-exchange}: we do not speak the metadata exchange. */
    public static final List<String> TCP = List.of("istio");

    private static final Set<String> HTTP = Set.of("istio-http/1.0", "istio-http/1.1", "istio-h2");
    private static final Set<String> ALL =
            Set.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

    private MeshAlpn() {}

    static boolean anyOfMesh(List<String> offered) {
        return anyOf(ALL, offered);
    }

    static boolean anyHttp(List<String> offered) {
        return anyOf(HTTP, offered);
    }

    private static boolean anyOf(Set<String> known, List<String> offered) {
        for (String name : offered) {
            if (known.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
