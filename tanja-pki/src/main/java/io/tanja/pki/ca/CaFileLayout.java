package io.tanja.pki.ca;

import java.util.List;
import java.util.stream.Stream;

/**
 * The names under which a CA's parts lie in a folder: those of Istio's {@code cacerts} secret, or those of a
 * {@code kubernetes.io/tls} secret as cert-manager writes it ({@code pilot/pkg/bootstrap/istio_ca.go}).
 *
 * @param certificate the signing certificate, perhaps followed by those above it
 * @param key its private key
 * @param chain from the signing certificate up; the same file as {@code certificate} in a TLS secret
 * @param roots all roots
 */
record CaFileLayout(String certificate, String key, String chain, String roots) {
    static final CaFileLayout CACERTS =
            new CaFileLayout("ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem");
    static final CaFileLayout TLS_SECRET = new CaFileLayout("tls.crt", "tls.key", "tls.crt", "ca.crt");
    /** Revocation lists, in either layout; may be missing. */
    static final String CRL = "ca-crl.pem";

    /** The layout of these files, all of which are there. */
    static CaFileLayout of(CaFiles files) throws CaMaterialException {
        CaFileLayout layout = CACERTS.presentIn(files).isEmpty()
                        && !TLS_SECRET.presentIn(files).isEmpty()
                ? TLS_SECRET
                : CACERTS;
        List<String> missing = layout.files().filter(file -> !files.has(file)).toList();
        if (!missing.isEmpty()) {
            throw new CaMaterialException(
                    files.path("") + ": " + String.join(", ", missing) + " missing; a plugged-in CA needs "
                            + String.join(", ", layout.files().toList()));
        }
        return layout;
    }

    /** The files of this layout that are there. */
    private List<String> presentIn(CaFiles files) {
        return files().filter(files::has).toList();
    }

    private Stream<String> files() {
        return Stream.of(certificate, key, chain, roots).distinct();
    }
}
