package io.tanja.control.state;

import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.Workload;
import java.util.Map;

/**
 * A workload with what only its own sidecar and the translation need to know.
 *
 * @param workload what all may know
 * @param podLabels the pod's labels, which selectors are matched against
 * @param modes its effective modes, whether or not it has a sidecar
 * @param modeSource which object decided the mode, by port; 0 stands for all other ports
 * @param ports its ports that services declare, by workload port
 */
public record Member(
        Workload workload,
        Map<String, String> podLabels,
        InboundModes modes,
        Map<Integer, String> modeSource,
        Map<Integer, InboundPort> ports) {
    /** Copies the maps. */
    public Member {
        podLabels = Map.copyOf(podLabels);
        modeSource = Map.copyOf(modeSource);
        ports = Map.copyOf(ports);
    }
}
