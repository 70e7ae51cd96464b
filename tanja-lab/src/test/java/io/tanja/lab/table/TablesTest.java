package io.tanja.lab.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

final class TablesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:48:00Z");

    @Test
    void podsLookAsTheSeedShowsThem() throws IOException {
        JsonNode pod = Yaml.single("""
                metadata: {name: webserver-76d6c9b8c-9mdtb, creationTimestamp: '2026-01-31T12:00:00Z'}
                spec: {nodeName: lab, containers: [{name: nginx}, {name: istio-proxy}]}
                status:
                  phase: Running
                  podIP: 10.111.1.122
                  containerStatuses:
                  - {name: nginx, ready: true, state: {running: {}}}
                  - {name: istio-proxy, ready: true, state: {running: {}}}
                """, "pod");

        assertThat(table(Kind.POD, pod, true)).isEqualTo("""
                        NAME                        READY   STATUS    RESTARTS   AGE   IP             NODE   NOMINATED NODE   READINESS GATES
                        webserver-76d6c9b8c-9mdtb   2/2     Running   0          48m   10.111.1.122   lab    <none>           <none>
                        """);
    }

    @Test
    void thePodsStatusIsItsMostTellingState() throws IOException {
        JsonNode pod = Yaml.single("""
                metadata: {name: p, namespace: shop}
                spec: {containers: [{name: a}, {name: istio-proxy}]}
                status:
                  phase: Running
                  containerStatuses:
                  - {name: a, ready: true, state: {running: {}}}
                  - {name: istio-proxy, ready: false, state: {terminated: {exitCode: 137, reason: Error}}}
                """, "pod");

        assertThat(PodColumns.ready(pod)).isEqualTo("1/2");
        assertThat(PodColumns.status(pod)).isEqualTo("Error");
        assertThat(PodColumns.message(pod))
                .isEqualTo(": istio-proxy has ended with status 137; see tanja lab logs -n shop p -c istio-proxy");
    }

    @Test
    void aPodThatCannotBeginSaysWhy() throws IOException {
        JsonNode pod = Yaml.single("""
                spec: {containers: [{name: a}]}
                status: {containerStatuses: [{name: a, state: {waiting: {reason: ErrImagePull, message: what is it}}}]}
                """, "pod");

        assertThat(PodColumns.ready(pod)).isEqualTo("0/1");
        assertThat(PodColumns.status(pod)).isEqualTo("ErrImagePull");
        assertThat(PodColumns.message(pod)).isEqualTo(": a: what is it");
    }

    @Test
    void servicesShowTheirPorts() throws IOException {
        JsonNode service = Yaml.single("""
                metadata: {name: web, namespace: shop, creationTimestamp: '2026-01-31T12:47:00Z'}
                spec: {type: ClusterIP, clusterIP: 10.96.0.10, selector: {app: web}, ports: [{port: 80}, {port: 53, protocol: UDP}]}
                """, "service");

        assertThat(table(Kind.SERVICE, service, true)).isEqualTo("""
                        NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)         AGE   SELECTOR
                        web    ClusterIP   10.96.0.10   <none>        80/TCP,53/UDP   60s   app=web
                        """);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindHasAsManyCellsAsColumnsEvenWhenTheObjectIsEmpty(Kind kind) throws IOException {
        String text = table(kind, Yaml.single("metadata: {name: x}", "object"), true);

        assertThat(text.lines()).hasSize(2);
        assertThat(text).contains("x ").contains("<unknown>");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:48:00Z, 0s",
        "2026-01-31T12:49:00Z, 0s",
        "2026-01-31T12:46:01Z, 119s",
        "2026-01-31T12:46:00Z, 2m",
        "2026-01-31T12:44:48Z, 3m12s",
        "2026-01-31T12:00:00Z, 48m",
        "2026-01-31T07:00:00Z, 5h",
        "2026-01-28T07:00:00Z, 3d",
        "never, <unknown>",
    })
    void agesAreShort(String created, String age) {
        assertThat(Age.of(created, NOW)).isEqualTo(age);
    }

    private static String table(Kind kind, JsonNode object, boolean wide) {
        ArrayNode objects = Yaml.JSON.createArrayNode().add(object);
        return Tables.of(kind, objects, false, wide, NOW).text();
    }
}
