package io.tanja.install.object;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;

/** The control plane's pods: replicas that all serve, on different nodes where there are several. */
final class ControlDeployment {
    static final int GRPC = 15012;
    static final int WEBHOOK = 15017;
    static final int PROBES = 8080;

    private static final long USER = 1337;
    /** The API server may call a webhook for a moment after its pod has left the endpoints. */
    private static final long LEAVE_SECONDS = 5;

    private ControlDeployment() {}

    static Deployment of(InstallOptions options) {
        Map<String, String> labels = Names.labels();
        labels.putAll(Names.selector());
        // A control plane behind its own sidecar would wait for itself.
        labels.put("sidecar.istio.io/inject", "false");
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(Names.CONTROL)
                .withNamespace(options.namespace())
                .withLabels(Names.labels())
                .endMetadata()
                .withNewSpec()
                .withReplicas(options.replicas())
                .withNewSelector()
                .withMatchLabels(Names.selector())
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withNewMaxSurge(1)
                .withNewMaxUnavailable(0)
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Names.CONTROL)
                .withAutomountServiceAccountToken(true)
                // Without it no pod of a meshed namespace can start.
                .withPriorityClassName("system-cluster-critical")
                .withAffinity(apart())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(options))
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("64Mi"))
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Container container(InstallOptions options) {
        return new ContainerBuilder()
                .withName("control")
                .withImage(options.image())
                .withImagePullPolicy("IfNotPresent")
                .withArgs(
                        "@/app/control.args",
                        "--source=kubernetes",
                        "--listen=0.0.0.0:" + GRPC,
                        "--probe-listen=0.0.0.0:" + PROBES,
                        "--webhook-listen=0.0.0.0:" + WEBHOOK,
                        "--sidecar-image=" + options.image(),
                        "--root-namespace=" + options.namespace(),
                        "--serving-name=" + Names.CONTROL + "." + options.namespace() + ".svc",
                        "--trust-domain=" + options.trustDomain(),
                        "--status-file=" + Names.STATUS_FILE,
                        "--replica=$(POD_NAME)")
                .addNewEnv()
                .withName("POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .withPorts(port("grpc-xds", GRPC), port("https-webhook", WEBHOOK), port("http-probes", PROBES))
                .withStartupProbe(probe("/livez", 1, 60))
                .withLivenessProbe(probe("/livez", 10, 3))
                .withReadinessProbe(probe("/readyz", 2, 2))
                .withLifecycle(leaving())
                .withResources(resources())
                .withSecurityContext(restricted())
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    private static ContainerPort port(String name, int port) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(port)
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("http-probes")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private static Lifecycle leaving() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewSleep(LEAVE_SECONDS)
                .endPreStop()
                .build();
    }

    private static ResourceRequirements resources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("256Mi"))
                .addToLimits("memory", new Quantity("512Mi"))
                .build();
    }

    /** Pod Security {@code restricted}, and a read-only root on top. */
    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static Affinity apart() {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(Names.selector())
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }
}
