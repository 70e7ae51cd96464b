package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a pod cannot have a sidecar, or what its author should know when it has one. Used for one pod. */
final class PodConflicts {
    private static final String WITHOUT = "or run it without a sidecar: label sidecar.istio.io/inject=false";

    private final String object;
    private final List<Problem> problems;

    /**
     * Begins with a pod.
     *
     * @param object the pod for messages
     * @param problems gets what is found
     */
    PodConflicts(String object, List<Problem> problems) {
        this.object = object;
        this.problems = problems;
    }

    void find(Pod pod, SidecarChoices choices) {
        PodSpec spec = PodParts.spec(pod);
        findSystem(pod, spec);
        findNames(spec);
        if (spec.getSecurityContext() != null) {
            findUser("spec.securityContext", spec.getSecurityContext().getRunAsUser(), "runAsUser");
            findUser("spec.securityContext", spec.getSecurityContext().getRunAsGroup(), "runAsGroup");
        }
        findInContainers("spec.containers", PodParts.containers(pod));
        findInContainers("spec.initContainers", PodParts.initContainers(pod));
        if (Boolean.TRUE.equals(spec.getShareProcessNamespace())) {
            warn(
                    "spec.shareProcessNamespace",
                    "lets the other containers see the proxy's process, and its key if they may trace processes",
                    "leave it out unless the containers trust each other");
        }
        String dns = spec.getDnsPolicy();
        if ("Default".equals(dns) || "None".equals(dns)) {
            warn(
                    "spec.dnsPolicy",
                    dns + " may not know the control plane's name; the pod would not become ready",
                    "use ClusterFirst, or a resolver that knows the cluster's services");
        }
        findLimitsOfClassicShape(pod, spec, choices);
    }

    private void findSystem(Pod pod, PodSpec spec) {
        boolean windows = spec.getOs() != null && "windows".equals(spec.getOs().getName())
                || spec.getNodeSelector() != null
                        && "windows".equals(spec.getNodeSelector().get("kubernetes.io/os"));
        if (windows) {
            refuse("spec.os.name", "there is no sidecar for Windows", "run it on Linux, " + WITHOUT);
        }
        String tls = PodParts.labels(pod).getOrDefault(SidecarNames.TLS_MODE, "istio");
        if (!tls.equals("istio")) {
            refuse(
                    "metadata.labels[" + SidecarNames.TLS_MODE + "]",
                    "tells all others to send plaintext to a pod that has a sidecar",
                    "remove the label, " + WITHOUT);
        }
    }

    private void findNames(PodSpec spec) {
        List<Volume> volumes = PodParts.list(spec.getVolumes());
        for (int i = 0; i < volumes.size(); i++) {
            if (SidecarNames.VOLUMES.contains(String.valueOf(volumes.get(i).getName()))) {
                refuse(
                        "spec.volumes[" + i + "].name",
                        volumes.get(i).getName() + " is the name of a volume of the sidecar",
                        "choose another name, " + WITHOUT);
            }
        }
    }

    private void findInContainers(String list, List<Container> containers) {
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            String field = list + "[" + i + "]";
            String name = String.valueOf(container.getName());
            if (name.equals(SidecarNames.PROXY) || name.equals(SidecarNames.REDIRECT)) {
                refuse(
                        field + ".name",
                        name + " is the sidecar's; settings of its container are taken from annotations only",
                        "remove the container and use sidecar.istio.io/proxyCPU, proxyMemory, proxyCPULimit,"
                                + " proxyMemoryLimit, proxyImage, logLevel and proxy.istio.io/config");
            }
            SecurityContext security = container.getSecurityContext();
            if (security != null) {
                findUser(field + ".securityContext", security.getRunAsUser(), "runAsUser");
                findUser(field + ".securityContext", security.getRunAsGroup(), "runAsGroup");
                findPrivileges(field + ".securityContext", security);
            }
            findPorts(field, PodParts.list(container.getPorts()));
        }
    }

    private void findUser(String field, @Nullable Long id, String name) {
        if (id != null && id == SidecarNames.PROXY_ID) {
            refuse(
                    field + "." + name,
                    "1337 is the proxy's: what it sends would pass the redirect unencrypted",
                    "choose another number; to except traffic use traffic.sidecar.istio.io/excludeOutboundPorts or"
                            + " excludeOutboundIPRanges");
        }
    }

    private void findPrivileges(String field, SecurityContext security) {
        List<String> added = security.getCapabilities() == null
                ? List.of()
                : PodParts.list(security.getCapabilities().getAdd());
        if (Boolean.TRUE.equals(security.getPrivileged()) || added.contains("NET_ADMIN") || added.contains("ALL")) {
            warn(field, "lets the container change the redirect, and so go around the mesh", "drop NET_ADMIN");
        }
    }

    private void findPorts(String field, List<ContainerPort> ports) {
        for (int i = 0; i < ports.size(); i++) {
            ContainerPort port = ports.get(i);
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (tcp && port.getContainerPort() != null && SidecarNames.PORTS.contains(port.getContainerPort())) {
                refuse(
                        field + ".ports[" + i + "].containerPort",
                        port.getContainerPort() + " is a port of the sidecar",
                        "choose another port, " + WITHOUT);
            }
        }
    }

    private void findLimitsOfClassicShape(Pod pod, PodSpec spec, SidecarChoices choices) {
        if (choices.nativeSidecar()) {
            return;
        }
        List<Container> inits = PodParts.initContainers(pod);
        for (int i = 0; i < inits.size(); i++) {
            if (choices.rewriteProbes() && PodParts.stays(inits.get(i)) && isAsked(inits.get(i))) {
                refuse(
                        "spec.initContainers[" + i + "]",
                        "has probes that the proxy would have to ask, and runs before the proxy",
                        "let the proxy run before it: annotation sidecar.istio.io/nativeSidecar \"true\"");
            }
        }
        if (!PodParts.initContainers(pod).isEmpty()) {
            warn(
                    "spec.initContainers",
                    "run before the redirect is there: what they send is not encrypted, and what is STRICT refuses it",
                    "use Kubernetes 1.33 or newer, where the sidecar starts before them");
        }
        String restart = spec.getRestartPolicy();
        if ("Never".equals(restart) || "OnFailure".equals(restart)) {
            warn(
                    "spec.restartPolicy",
                    "the proxy goes on when the other containers have ended, so that the pod does not complete",
                    "use Kubernetes 1.33 or newer, " + WITHOUT);
        }
    }

    /** Whether the kubelet asks it by a connection. */
    private static boolean isAsked(Container container) {
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .anyMatch(probe -> probe != null && probe.getExec() == null);
    }

    private void refuse(String field, String message, String remedy) {
        problems.add(new Problem(Problem.Severity.ERROR, "", 0, object, field, message, remedy));
    }

    private void warn(String field, String message, String remedy) {
        problems.add(new Problem(Problem.Severity.WARNING, "", 0, object, field, message, remedy));
    }
}
