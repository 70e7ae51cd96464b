package io.tanja.lab.daemon;

import io.tanja.lab.dns.DnsServer;
import io.tanja.lab.mesh.ControlPlane;
import io.tanja.lab.net.NodeNetwork;
import io.tanja.lab.net.VirtualService;
import io.tanja.lab.object.Store;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Sidecar;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The world outside the pods that follows the cluster's state: the node's balancing, the name server, the folder that the
 * control plane reads, the control plane itself. Used by the cluster's thread only.
 */
final class Outside {
    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);

    private final NodeNetwork node;
    private final DnsServer dns;
    private final ManifestFolder folder;
    private final ControlPlane control;
    private final Sidecar sidecar;
    private final Path logs;
    private List<VirtualService> balanced = List.of();

    Outside(NodeNetwork node, DnsServer dns, ManifestFolder folder, ControlPlane control, Sidecar sidecar, Path logs) {
        this.node = node;
        this.dns = dns;
        this.folder = folder;
        this.control = control;
        this.sidecar = sidecar;
        this.logs = logs;
    }

    /** Starts the control plane when the module is switched on, and ends it when it is switched off. */
    void module(boolean enabled) {
        control.follow(enabled);
    }

    /**
     * Brings everything in line with the objects.
     *
     * @return whether all is in line; what could not be done is tried again with the next call
     */
    boolean show(Store store) {
        boolean inLine = true;
        Endpoints.View view = Endpoints.of(store);
        dns.publish(view.names());
        try {
            if (!view.services().equals(balanced)) {
                node.balance(view.services());
                balanced = view.services();
            }
        } catch (IOException e) {
            LOG.error("service addresses are not up to date", e);
            inLine = false;
        }
        try {
            folder.write(store);
        } catch (IOException e) {
            LOG.error("the control plane's folder is not up to date; is the disk full?", e);
            inLine = false;
        }
        return inLine;
    }

    /** Removes what a pod leaves on disk. */
    void forget(PodPlan pod) {
        try {
            sidecar.forget(pod);
        } catch (IOException e) {
            LOG.warn("what the sidecar of pod {} needed could not be removed", pod, e);
        }
        String pattern = pod.namespace() + "_" + pod.name() + "_*.log";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, pattern)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("the logs of pod {} could not be removed", pod, e);
        }
    }
}
