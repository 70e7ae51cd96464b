package io.tanja.lab.pod;

import io.tanja.lab.net.PodNamespace;
import java.io.IOException;
import java.nio.file.Path;

/** How a pod is put into the mesh. */
public interface Sidecar {
    /**
     * Sends the pod's connections through the sidecar from now on. Until the sidecar runs they fail; they never go
     * around it.
     *
     * @throws IOException if the rules cannot be loaded; nothing of the pod may be started then
     */
    void redirect(PodPlan pod, PodNamespace namespace) throws IOException;

    /**
     * Starts the sidecar.
     *
     * @param log where its output goes
     * @throws IOException if it cannot be started
     */
    Process start(PodPlan pod, PodNamespace namespace, Path log) throws IOException;

    /** Whether the sidecar says that it serves. */
    boolean ready(PodPlan pod);

    /**
     * Removes what the sidecar of a pod that has ended needed.
     *
     * @throws IOException if it cannot be removed
     */
    void forget(PodPlan pod) throws IOException;
}
