package io.tanja.lab.pod;

import io.tanja.lab.pod.ContainerState.Running;
import io.tanja.lab.pod.ContainerState.Terminated;
import io.tanja.lab.pod.ContainerState.Waiting;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pod is doing at one moment. Immutable.
 *
 * @param containers the containers' states by name, the sidecar last
 * @param anchor process id, inside the sandbox, of the process that holds the pod's namespaces; 0 while there is none
 * @param gone whether all its processes have ended and its namespaces are given up
 */
public record PodStatus(Map<String, ContainerState> containers, long anchor, boolean gone) {
    /** Copies the map, keeping its order. */
    public PodStatus {
        containers = new LinkedHashMap<>(containers);
    }

    /** Whether every container serves. */
    public boolean ready() {
        return !gone && containers.values().stream().allMatch(ContainerState::isReady);
    }

    /** The phase as Kubernetes names it. */
    public String phase() {
        boolean failed = false;
        boolean all = true;
        boolean waiting = false;
        for (ContainerState state : containers.values()) {
            switch (state) {
                case Waiting _ -> {
                    waiting = true;
                    all = false;
                }
                case Running _ -> all = false;
                case Terminated end -> failed |= end.exitCode() != 0;
            }
        }
        if (all) {
            return failed ? "Failed" : "Succeeded";
        }
        return waiting ? "Pending" : "Running";
    }
}
