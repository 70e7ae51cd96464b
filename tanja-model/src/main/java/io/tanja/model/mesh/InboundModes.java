package io.tanja.model.mesh;

import java.util.Map;

/**
 * The effective modes of a workload's ports.
 *
 * @param mode the mode of every port that {@code ports} does not name
 * @param ports modes by workload (container) port
 */
public record InboundModes(TlsMode mode, Map<Integer, TlsMode> ports) {
    /** What holds where no PeerAuthentication says anything. */
    public static final InboundModes PERMISSIVE = new InboundModes(TlsMode.PERMISSIVE, Map.of());

    /** Copies the map. */
    public InboundModes {
        ports = Map.copyOf(ports);
    }

    /** The mode of a workload port. */
    public TlsMode of(int port) {
        return ports.getOrDefault(port, mode);
    }
}
