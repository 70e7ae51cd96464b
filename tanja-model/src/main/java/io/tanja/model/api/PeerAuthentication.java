package io.tanja.model.api;

import io.tanja.model.mesh.TlsMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which protection a workload demands of its callers ({@code security.istio.io/v1}).
 *
 * @param selector labels of the workloads; empty for the whole namespace, or the mesh in the root namespace
 * @param mode what it says for all ports
 * @param portLevelMtls what it says for single workload ports, by port
 */
public record PeerAuthentication(
        ObjectMeta meta, Origin origin, Map<String, String> selector, Mode mode, Map<Integer, Mode> portLevelMtls)
        implements ApiObject {
    /** Copies the maps. */
    public PeerAuthentication {
        selector = Map.copyOf(selector);
        portLevelMtls = Map.copyOf(portLevelMtls);
    }

    /** A mode, or that the next wider policy decides. */
    public enum Mode {
        UNSET,
        DISABLE,
        PERMISSIVE,
        STRICT;

        /** The effective mode, or null if the next wider policy decides. */
        public @Nullable TlsMode effective() {
            return switch (this) {
                case UNSET -> null;
                case DISABLE -> TlsMode.DISABLE;
                case PERMISSIVE -> TlsMode.PERMISSIVE;
                case STRICT -> TlsMode.STRICT;
            };
        }
    }
}
