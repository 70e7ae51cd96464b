package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tanja.control.inject.SidecarChoices.ReadinessTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two containers of a sidecar. Pure. */
final class SidecarContainers {
    private static final String READY_PATH = "/healthz/ready";
    /** What a failed container said last is then in the pod's status, where people look first. */
    private static final String REASON_FROM_LOG = "FallbackToLogsOnError";

    private static final int STARTUP_PERIOD_SECONDS = 1;
    private static final int STARTUP_FAILURES = 600;
    private static final int PROBE_TIMEOUT_SECONDS = 3;

    private final InjectionSettings settings;
    private final SidecarChoices choices;

    SidecarContainers(InjectionSettings settings, SidecarChoices choices) {
        this.settings = settings;
        this.choices = choices;
    }

    /**
     * Sets the redirect, and ends. The one container with a capability: without NET_ADMIN nobody can change the firewall
     * of a pod. When it fails, the pod does not start.
     */
    Container redirect() {
        List<String> args = new ArrayList<>(List.of("@/app/redirect.args"));
        args.addAll(RedirectFlags.of(choices.scope()));
        return new ContainerBuilder()
                .withName(SidecarNames.REDIRECT)
                .withImage(choices.image())
                .withArgs(args)
                .withTerminationMessagePolicy(REASON_FROM_LOG)
                .withResources(choices.resources())
                .withSecurityContext(confined()
                        .withRunAsUser(0L)
                        .withRunAsGroup(0L)
                        .withRunAsNonRoot(false)
                        .editCapabilities()
                        .withAdd("NET_ADMIN")
                        .endCapabilities()
                        .build())
                .withVolumeMounts(mount(SidecarNames.SCRATCH_VOLUME, "/tmp", false))
                .build();
    }

    /**
     * The proxy.
     *
     * @param variables what it is told about the application
     */
    Container proxy(Map<String, String> variables) {
        List<String> args = new ArrayList<>(List.of("@/app/proxy.args"));
        args.addAll(choices.proxyFlags());
        ReadinessTimes times = choices.readiness();
        ContainerBuilder proxy = new ContainerBuilder()
                .withName(SidecarNames.PROXY)
                .withImage(choices.image())
                .withArgs(args)
                .withTerminationMessagePolicy(REASON_FROM_LOG)
                .addNewPort()
                .withName("http-envoy-prom")
                .withContainerPort(SidecarNames.STATS_PORT)
                .withProtocol("TCP")
                .endPort()
                .withEnv(environment(variables))
                .withResources(choices.resources())
                .withStartupProbe(ready().withPeriodSeconds(STARTUP_PERIOD_SECONDS)
                        .withFailureThreshold(STARTUP_FAILURES)
                        .build())
                .withReadinessProbe(ready().withInitialDelaySeconds(times.initialDelaySeconds())
                        .withPeriodSeconds(times.periodSeconds())
                        .withFailureThreshold(times.failureThreshold())
                        .build())
                .withSecurityContext(confined()
                        .withRunAsUser(SidecarNames.PROXY_ID)
                        .withRunAsGroup(SidecarNames.PROXY_ID)
                        .withRunAsNonRoot(true)
                        .build())
                .withVolumeMounts(List.of(
                        mount(SidecarNames.TOKEN_VOLUME, "/var/run/secrets/tokens", true),
                        mount(SidecarNames.ROOTS_VOLUME, "/var/run/secrets/istio", true),
                        // Where the JVM unpacks the libraries that it loads.
                        mount(SidecarNames.SCRATCH_VOLUME, "/tmp", false)));
        if (choices.nativeSidecar()) {
            proxy.withRestartPolicy("Always");
        } else if (choices.hold()) {
            // The kubelet starts containers in their order, and the next one when this hook has ended.
            proxy.withNewLifecycle()
                    .withNewPostStart()
                    .withNewExec()
                    .withCommand("/opt/java/bin/java", "@/app/proxy.args", "--await-ready")
                    .endExec()
                    .endPostStart()
                    .endLifecycle();
        }
        return proxy.build();
    }

    private List<EnvVar> environment(Map<String, String> variables) {
        List<EnvVar> all = new ArrayList<>(List.of(
                value("CA_ADDR", settings.controlAddress()),
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("INSTANCE_IP", "status.podIP"),
                field("SERVICE_ACCOUNT", "spec.serviceAccountName"),
                value("TRUST_DOMAIN", settings.trustDomain().name()),
                value("ISTIO_META_CLUSTER_ID", settings.cluster())));
        // The kubelet puts other variables in place of $(NAME), unless the dollar is doubled.
        variables.forEach((name, text) -> all.add(value(name, text.replace("$", "$$"))));
        return all;
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static ProbeBuilder ready() {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(READY_PATH)
                .withPort(new IntOrString(SidecarNames.READY_PORT))
                .withScheme("HTTP")
                .endHttpGet()
                .withTimeoutSeconds(PROBE_TIMEOUT_SECONDS);
    }

    /** What both containers do without. */
    private static SecurityContextBuilder confined() {
        SecurityContext none = new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withPrivileged(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
        return new SecurityContextBuilder(none);
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }
}
