package io.tanja.diagnose.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
    private static final String PODS = """
            {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
             {"metadata":{"name":"web-1","namespace":"shop"},"spec":{"nodeName":"n1"},
              "status":{"phase":"Running","podIP":"10.0.0.1"}},
             {"metadata":{"name":"web-2","namespace":"shop"},"spec":{"nodeName":"n1"},"status":{"phase":"Pending"}},
             {"metadata":{"name":"web-3","namespace":"shop","deletionTimestamp":"2026-01-01T00:00:00Z"},
              "spec":{"nodeName":"n1"},"status":{"phase":"Running","podIP":"10.0.0.3"}}]}""";

    private final FakeCluster cluster;
    private final KubernetesClient client;
    private final Workloads workloads;

    WorkloadsTest() throws IOException {
        cluster = new FakeCluster();
        client = cluster.client();
        workloads = new Workloads(client, "shop");
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void takesTheRunningPodsOfADeploymentBySelector() throws Exception {
        cluster.with("/apis/apps/v1/namespaces/shop/deployments/web", """
                {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"shop"},
                 "spec":{"selector":{"matchLabels":{"app":"web"}},"template":{}}}""").with("/api/v1/namespaces/shop/pods", PODS);

        assertThat(workloads.pods("deploy/web"))
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("web-1");
        assertThat(cluster.asked().getLast()).contains("labelSelector=app%3Dweb");
    }

    @Test
    void takesAServiceOfAnotherNamespace() throws Exception {
        cluster.with("/api/v1/namespaces/other/services/web", """
                {"kind":"Service","apiVersion":"v1","metadata":{"name":"web","namespace":"other"},
                 "spec":{"selector":{"app":"web"}}}""").with("/api/v1/namespaces/other/pods", PODS);

        assertThat(workloads.pods("other/svc/web")).hasSize(1);
    }

    @Test
    void neverTakesAServiceWithoutASelectorForAllPods() {
        cluster.with("/api/v1/namespaces/shop/services/web", """
                {"kind":"Service","apiVersion":"v1","metadata":{"name":"web","namespace":"shop"},"spec":{}}""").with("/api/v1/namespaces/shop/pods", PODS);

        assertThatThrownBy(() -> workloads.pods("svc/web"))
                .isInstanceOf(DiagnoseException.class)
                .hasMessageContaining("svc/web in namespace shop")
                .hasMessageContaining("has no pod");
    }

    @Test
    void saysWhatIsWrongWithATarget() {
        assertThatThrownBy(() -> workloads.pods("node/n1")).hasMessageContaining("is of no kind that has pods");
        assertThatThrownBy(() -> workloads.pods("a/b/c/d")).hasMessageContaining("NAMESPACE/KIND/NAME");
        assertThatThrownBy(() -> workloads.pods("deploy/")).hasMessageContaining("is not a workload");
        assertThatThrownBy(() -> workloads.pods("web-9")).hasMessageContaining("is not there");
        assertThatThrownBy(() -> workloads.pods("deploy/none")).hasMessageContaining("is not there");
    }

    @Test
    void tellsTheApiServersWordsAndARemedyWhereItMayNotLook() {
        cluster.forbid("/api/v1/namespaces/shop/pods/web-1");

        assertThatThrownBy(() -> workloads.pods("web-1"))
                .isInstanceOf(DiagnoseException.class)
                .hasMessageContaining("you may not get")
                .hasMessageContaining("ask for that right");
    }
}
