package io.tanja.lab.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Yaml;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class InjectedPodTest {
    @Test
    void anInjectedPodCarriesWhatTheMeshReads() throws IOException {
        ObjectNode tree = (ObjectNode) Yaml.single(
                "{metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: nginx}]}}", "pod");
        LabObject pod = new LabObject(new ObjectKey(Kind.POD, "shop", "web-1"), tree);

        InjectedPod.inject(pod, "web-1");

        assertThat(pod.labels())
                .containsEntry("security.istio.io/tlsMode", "istio")
                .containsEntry("service.istio.io/canonical-name", "web")
                .containsEntry("service.istio.io/canonical-revision", "v2");
        assertThat(pod.annotations())
                .containsEntry("istio.io/rev", "default")
                .containsEntry("kubectl.kubernetes.io/default-container", "nginx");
        assertThat(pod.spec()
                        .path("containers")
                        .valueStream()
                        .map(each -> each.path("name").asString("")))
                .containsExactly("nginx", "istio-proxy");
    }

    @Test
    void theUsersOwnLabelsStay() throws IOException {
        ObjectNode tree = (ObjectNode) Yaml.single(
                "{metadata: {labels: {security.istio.io/tlsMode: disabled}}, spec: {containers: [{name: a}]}}", "pod");
        LabObject pod = new LabObject(new ObjectKey(Kind.POD, "shop", "lonely"), tree);

        InjectedPod.inject(pod, "lonely");

        assertThat(pod.labels())
                .containsEntry("security.istio.io/tlsMode", "disabled")
                .containsEntry("service.istio.io/canonical-name", "lonely")
                .containsEntry("service.istio.io/canonical-revision", "latest");
    }
}
