package io.tanja.control;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tanja.control.admit.AdmissionServer;
import io.tanja.control.admit.InjectionReviewer;
import io.tanja.control.admit.NativeSidecars;
import io.tanja.control.admit.Registration;
import io.tanja.control.admit.ValidationReviewer;
import io.tanja.control.ca.ServingKeyManager;
import io.tanja.control.inject.InjectionSettings;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.state.MeshState;
import io.tanja.model.module.ModuleSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Builds the webhooks of a control plane on a cluster. */
final class Webhooks {
    private static final ResourceDefinitionContext MODULES = new ResourceDefinitionContext.Builder()
            .withGroup("deckhouse.io")
            .withVersion("v1alpha1")
            .withKind("ModuleConfig")
            .withPlural("moduleconfigs")
            .withNamespaced(false)
            .build();

    private final AdmissionOptions options;
    private final MeshOptions mesh;
    private final Cluster cluster;
    private final Trust trust;
    private final BooleanSupplier leads;
    private final BooleanSupplier nativeSidecars;

    Webhooks(AdmissionOptions options, MeshOptions mesh, Cluster cluster, Trust trust, BooleanSupplier leads) {
        this.options = options;
        this.mesh = mesh;
        this.cluster = cluster;
        this.trust = trust;
        this.leads = leads;
        NativeSidecars byVersion = new NativeSidecars(() -> cluster.client().getKubernetesVersion(), System::nanoTime);
        this.nativeSidecars = switch (options.shape()) {
            case AUTO -> byVersion;
            case NATIVE -> () -> true;
            case CONTAINER -> () -> false;
        };
    }

    /**
     * Answers from now on, and then registers: called when there is a state.
     *
     * @param registered called whenever the API server is seen to know of them
     * @param parts gets what has to be closed
     * @throws ConfigException if the port cannot be opened
     */
    void start(Supplier<MeshState> state, Runnable registered, ThreadFactory threads, List<AutoCloseable> parts)
            throws ConfigException {
        KubernetesClient client = cluster.client();
        InjectionReviewer injection = new InjectionReviewer(
                state,
                this::namespaceLabels,
                this::switchedOn,
                () -> settings(state.get()),
                client.getKubernetesSerialization());
        try {
            parts.add(AdmissionServer.start(
                    options.listen(),
                    new ServingKeyManager(trust.serving()),
                    Map.of(
                            Registration.INJECTION_PATH,
                            injection,
                            Registration.VALIDATION_PATH,
                            new ValidationReviewer(mesh.rootNamespace(), client.getKubernetesSerialization())),
                    client.getKubernetesSerialization(),
                    Executors.newThreadPerTaskExecutor(threads)));
        } catch (IOException e) {
            throw new ConfigException(List.of(new ConfigProblem(
                    "--webhook-listen",
                    options.listen() + " cannot be opened: " + e.getMessage(),
                    "stop what uses it, or name another address or port")));
        }
        parts.add(Registration.start(
                client,
                cluster.api(),
                leads,
                trust::roots,
                mesh.rootNamespace(),
                () -> state.get().settings().enabled(),
                registered,
                System::nanoTime,
                new SecureRandom(),
                threads));
        parts.add(Registration.startValidation(
                client,
                cluster.api(),
                leads,
                trust::roots,
                mesh.rootNamespace(),
                System::nanoTime,
                new SecureRandom(),
                threads));
    }

    private InjectionSettings settings(MeshState now) {
        return new InjectionSettings(
                options.image(),
                mesh.trustDomain(),
                mesh.rootNamespace(),
                mesh.cluster(),
                nativeSidecars.getAsBoolean(),
                now.settings().module().sidecar());
    }

    /** What we know may be a moment old: a pod that comes right after the mesh was switched on must not start without. */
    private boolean switchedOn() {
        GenericKubernetesResource module = cluster.client()
                .genericKubernetesResources(MODULES)
                .withName(ModuleSettings.MODULE)
                .get();
        return module != null && Boolean.TRUE.equals(module.get("spec", "enabled"));
    }

    private Map<String, String> namespaceLabels(String name) {
        Namespace namespace = cluster.client().namespaces().withName(name).get();
        Map<String, String> labels =
                namespace == null ? null : namespace.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }
}
