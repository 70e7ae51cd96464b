package io.tanja.install.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tanja.control.ConfigException;
import io.tanja.control.ControlFlags;
import io.tanja.control.ControlOptions;
import io.tanja.control.SourceOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstallationTest {
    private final List<HasMetadata> objects =
            Installation.objects(new InstallOptions("image:1", 3, "mesh", "corp.example"));
    private final PodSpec pod = only(Deployment.class).getSpec().getTemplate().getSpec();
    private final Container container = pod.getContainers().getFirst();

    @Test
    void startsTheControlPlaneWithFlagsThatItTakes() throws ConfigException {
        List<String> args = container.getArgs();
        assertThat(args.getFirst()).isEqualTo("@/app/control.args");
        ControlOptions options = ControlFlags.parse(args.subList(1, args.size()).toArray(String[]::new));
        assertThat(options.mesh().rootNamespace()).isEqualTo("mesh");
        assertThat(options.mesh().trustDomain()).hasToString("corp.example");
        assertThat(options.servingNames()).containsExactly("tanja-control.mesh.svc");
        assertThat(options.listen().getPort()).isEqualTo(15012);
        assertThat(options.source()).isInstanceOf(SourceOptions.Kubernetes.class);
    }

    @Test
    void writesTheStatusWhereItsPodCanWrite() throws ConfigException {
        List<String> args = container.getArgs();
        ControlOptions options = ControlFlags.parse(args.subList(1, args.size()).toArray(String[]::new));
        assertThat(options.statusFile()).isEqualTo(Path.of(Names.STATUS_FILE));
        assertThat(container.getVolumeMounts())
                .extracting(mount -> Path.of(mount.getMountPath()))
                .contains(Path.of(Names.STATUS_FILE).getParent());
    }

    @Test
    void givesThePodWhatPodSecurityRestrictedAsksFor() {
        assertThat(only(Namespace.class).getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(pod.getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        assertThat(pod.getHostNetwork()).isNull();
    }

    @Test
    void neverMeshesTheControlPlane() {
        assertThat(only(Namespace.class).getMetadata().getLabels()).containsEntry("istio-injection", "disabled");
        assertThat(only(Deployment.class).getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("sidecar.istio.io/inject", "false");
    }

    @Test
    void leadsTheServiceToThePods() {
        assertThat(only(Deployment.class).getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(only(Service.class).getSpec().getSelector());
        assertThat(only(Service.class).getSpec().getPorts())
                .extracting(port -> port.getPort() + "→" + port.getTargetPort().getIntVal())
                .containsExactly("15012→15012", "443→15017");
    }

    @Test
    void marksEverythingAsOurs() {
        assertThat(objects)
                .allSatisfy(object ->
                        assertThat(object.getMetadata().getLabels()).containsEntry(Names.MANAGED_BY, Names.OURS));
    }

    private <T extends HasMetadata> T only(Class<T> type) {
        List<T> found =
                objects.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
