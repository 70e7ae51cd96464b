package io.tanja.proxy.detect;

import io.tanja.model.security.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a connection are. */
public sealed interface Detected {
    /**
     * A ClientHello.
     *
     * @param sni the server name it asks for, or null
     * @param alpn the protocols it offers, in its order; empty if it has no such extension
     */
    record Tls(@Nullable String sni, List<String> alpn) implements Detected {
        public Tls {
            alpn = List.copyOf(alpn);
        }

        /** Whether it says that it is the mesh's own mutual TLS. */
        public boolean ofMesh() {
            return MeshAlpn.anyOfMesh(alpn);
        }

        /** Whether it says that it is the mesh's own, with HTTP inside. */
        public boolean ofMeshHttp() {
            return MeshAlpn.anyHttp(alpn);
        }
    }

    /** The start of an HTTP/1.1 request. */
    record Http1() implements Detected {}

    /** The preface of HTTP/2 with prior knowledge (RFC 9113 section 3.4). */
    record Http2() implements Detected {}

    /** Anything else. */
    record Opaque() implements Detected {}

    /** The caller has sent nothing in time, or closed without sending anything. */
    record Silent() implements Detected {}

    /**
     * The bytes begin as TLS and go wrong, whatever the port is for.
     *
     * @param refusal the catalogued cause
     * @param detail what is wrong with them
     */
    record Broken(Refusal refusal, String detail) implements Detected {}
}
