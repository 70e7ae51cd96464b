package io.tanja.install.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;

/** The objects of an installation besides the definitions of its kinds, in the order in which they are applied. */
public final class Installation {
    private Installation() {}

    /** All objects. */
    public static List<HasMetadata> objects(InstallOptions options) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(new NamespaceBuilder()
                .withNewMetadata()
                .withName(options.namespace())
                .withLabels(Names.labels())
                .addToLabels("istio-injection", "disabled")
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build());
        objects.addAll(AccessObjects.of(options));
        objects.add(new ServiceBuilder()
                .withNewMetadata()
                .withName(Names.CONTROL)
                .withNamespace(options.namespace())
                .withLabels(Names.labels())
                .endMetadata()
                .withNewSpec()
                .withSelector(Names.selector())
                .withPorts(
                        port("grpc-xds", ControlDeployment.GRPC, ControlDeployment.GRPC),
                        port("https-webhook", 443, ControlDeployment.WEBHOOK))
                .endSpec()
                .build());
        objects.add(new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(Names.CONTROL)
                .withNamespace(options.namespace())
                .withLabels(Names.labels())
                .endMetadata()
                .withNewSpec()
                .withNewMinAvailable(1)
                .withNewSelector()
                .withMatchLabels(Names.selector())
                .endSelector()
                .endSpec()
                .build());
        objects.add(ControlDeployment.of(options));
        return List.copyOf(objects);
    }

    private static ServicePort port(String name, int port, int target) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(port)
                .withNewTargetPort(target)
                .withProtocol("TCP")
                .build();
    }
}
