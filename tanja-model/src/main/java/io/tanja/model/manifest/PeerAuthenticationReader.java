package io.tanja.model.manifest;

import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.PeerAuthentication.Mode;
import io.tanja.model.identity.Quote;
import java.util.HashMap;
import java.util.Map;

/** Reads PeerAuthentications ({@code security/v1beta1/peer_authentication.proto} of istio/api). */
final class PeerAuthenticationReader {
    private PeerAuthenticationReader() {}

    static PeerAuthentication read(Fields root, ObjectMeta meta, Origin origin) {
        Fields spec = root.objectOrNone("spec");
        Map<String, String> selector = selector(spec);
        Mode mode = mode(spec, "mtls");
        Map<Integer, Mode> ports = new HashMap<>();
        Fields levels = spec.object("portLevelMtls");
        if (levels != null) {
            if (levels.isEmpty()) {
                spec.error("portLevelMtls", "names no port", "remove it, or add a port: 8080: {mode: STRICT}");
            }
            for (String key : levels.names()) {
                ports.put(port(levels, key), mode(levels, key));
            }
        }
        spec.noOthers();
        return new PeerAuthentication(meta, origin, selector, mode, ports);
    }

    /** Reads {@code selector.matchLabels}, which every mesh kind has. */
    static Map<String, String> selector(Fields spec) {
        Fields selector = spec.objectOrNone("selector");
        Map<String, String> labels = selector.stringMap("matchLabels");
        selector.noOthers();
        return labels;
    }

    private static Mode mode(Fields parent, String name) {
        Fields mtls = parent.objectOrNone(name);
        Mode mode = mtls.enumeration("mode", Mode.UNSET, Mode.class);
        mtls.noOthers();
        return mode;
    }

    private static int port(Fields levels, String key) {
        boolean digits = !key.isEmpty() && key.length() <= 5 && key.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(key) : 0;
        if (port < 1 || port > 65535) {
            levels.error(
                    key, "\"" + Quote.printable(key) + "\" is not a port", "write a workload port from 1 to 65535");
            return 0;
        }
        return port;
    }
}
