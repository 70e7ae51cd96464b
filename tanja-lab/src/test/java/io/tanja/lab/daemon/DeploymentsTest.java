package io.tanja.lab.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Manifests;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.object.Store;
import io.tanja.lab.pod.ContainerState;
import io.tanja.lab.pod.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeploymentsTest {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}, annotations: {note: x}}
                spec: {containers: [{name: web, image: nginx}]}
            """;

    private final Store store = new Store();
    private final Deployments deployments = new Deployments(store, new Random(1));
    private final List<ObjectKey> deleted = new ArrayList<>();

    @Test
    void makesAsManyPodsAsAskedForNamedAndOwnedAsOnACluster() throws Rejected {
        put("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n");
        put(WEB);
        reconcile();
        reconcile();

        assertThat(store.list(Kind.POD)).hasSize(2).allSatisfy(pod -> {
            String hash = pod.labels().getOrDefault("pod-template-hash", "");
            assertThat(pod.key().name()).matches("web-" + hash + "-[b-z2-9]{5}");
            assertThat(hash).matches("[b-z2-9]{5,10}");
            assertThat(pod.labels()).containsEntry("app", "web");
            assertThat(pod.annotations()).containsEntry("note", "x");
            assertThat(pod.metadata()
                            .path("ownerReferences")
                            .path(0)
                            .path("name")
                            .asString(""))
                    .isEqualTo("web-" + hash);
        });
        assertThat(deleted).isEmpty();
    }

    @Test
    void waitsForTheServiceAccountAndSaysSo() throws Rejected {
        LabObject web = put(WEB.replace("spec: {containers", "spec: {serviceAccountName: clerk, containers"));
        reconcile();

        assertThat(store.list(Kind.POD)).isEmpty();
        assertThat(web.status().path("conditions").path(0).path("message").asString(""))
                .contains("ServiceAccount \"clerk\"");
    }

    @Test
    void takesAwayThePodsThatAreNotReadyFirst() throws Rejected {
        two();
        LabObject healthy = store.list(Kind.POD).getLast();
        ready(healthy);
        put(WEB.replace("replicas: 2", "replicas: 1"));
        reconcile();

        assertThat(deleted).hasSize(1).doesNotContain(healthy.key());
    }

    @Test
    void replacesThePodsOfAFormerTemplateOnceTheNewOnesServe() throws Rejected {
        two();
        List<ObjectKey> former =
                store.list(Kind.POD).stream().map(LabObject::key).toList();
        put(WEB.replace("note: x", "note: y"));
        reconcile();
        assertThat(store.list(Kind.POD)).hasSize(4);
        assertThat(deleted).isEmpty();

        store.list(Kind.POD).forEach(DeploymentsTest::ready);
        reconcile();

        assertThat(deleted).containsExactlyInAnyOrderElementsOf(former);
    }

    @Test
    void removesThePodsOfADeploymentThatIsGoneButNoOthers() throws Rejected {
        two();
        put("apiVersion: v1\nkind: Pod\nmetadata: {name: web-own, namespace: shop}\n"
                + "spec: {containers: [{name: a, image: nginx}]}\n");
        store.remove(new ObjectKey(Kind.DEPLOYMENT, "shop", "web"));
        reconcile();

        assertThat(deleted).hasSize(2).noneMatch(key -> key.name().equals("web-own"));
    }

    private void two() throws Rejected {
        put("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n");
        put(WEB);
        reconcile();
        assertThat(store.list(Kind.POD)).hasSize(2);
    }

    private void reconcile() {
        deployments.reconcile(store::put, pod -> deleted.add(pod.key()));
    }

    private LabObject put(String text) throws Rejected {
        LabObject object = Manifests.read(text, "test", "default").objects().getFirst();
        store.put(object);
        return object;
    }

    private static void ready(LabObject pod) {
        PodObjects.update(pod, new PodStatus(Map.of("web", new ContainerState.Running(Instant.EPOCH, true)), 1, false));
    }
}
