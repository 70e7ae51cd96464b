package io.tanja.diagnose.verify;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.Map;

/** The pod from which a node's packets are seen: in the node's network, with the right to open raw sockets. Pure. */
final class CapturePod {
    /** Its one container. */
    static final String CONTAINER = "capture";
    /** Label of all such pods, by which forgotten ones are found. */
    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "tanja-verify");

    private CapturePod() {}

    /**
     * Makes it. It ends by itself, whatever becomes of those who made it.
     *
     * @param node where it runs; no scheduler is asked
     * @param image has {@code tcpdump}, {@code timeout} and {@code sleep}
     * @param lifeSeconds after which it ends
     */
    static Pod of(String namespace, String name, String node, String image, long lifeSeconds) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(LABELS)
                .addToLabels("sidecar.istio.io/inject", "false")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withHostNetwork(true)
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(lifeSeconds)
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sleep", Long.toString(lifeSeconds))
                .withSecurityContext(rawSockets())
                .withNewResources()
                .addToRequests("memory", new Quantity("32Mi"))
                .addToLimits("memory", new Quantity("256Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    /** NET_RAW opens the socket; tcpdump sets its groups before it captures, and stops if it may not. */
    private static SecurityContext rawSockets() {
        return new SecurityContextBuilder()
                .withRunAsUser(0L)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .withAdd("NET_RAW", "SETGID")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
