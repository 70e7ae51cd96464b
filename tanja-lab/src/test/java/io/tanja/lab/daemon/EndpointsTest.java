package io.tanja.lab.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.AddressText;
import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Manifests;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.object.Store;
import io.tanja.lab.pod.ContainerState;
import io.tanja.lab.pod.PodStatus;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EndpointsTest {
    private final Store store = new Store();

    @Test
    void onlyReadyPodsOfTheNamespaceAndTheSelectorAreBalancedOver() throws Rejected {
        service("spec: {selector: {app: web}, clusterIPs: [10.96.0.10, 'fd74:616e:6a61:2::a'], ports: [{port: 80,"
                + " targetPort: 8080}]}");
        pod("web-1", "shop", "web", 11, true);
        pod("web-2", "shop", "web", 12, false);
        pod("web-3", "other", "web", 13, true);
        pod("else-4", "shop", "else", 14, true);
        LabObject leaving = pod("web-5", "shop", "web", 15, true);
        leaving.metadata().put("deletionTimestamp", "2026-01-31T12:00:00Z");

        assertThat(view().services())
                .extracting(service ->
                        AddressText.of(service.address()) + ":" + service.port() + " -> " + service.endpoints())
                .containsExactly(
                        "10.96.0.10:80 -> [/10.111.0.11:8080]",
                        "fd74:616e:6a61:2::a:80 -> [/[fd74:616e:6a61:1:0:0:0:b]:8080]");
    }

    @Test
    void aNamedTargetPortIsThePodsOwn() throws Rejected {
        service("spec: {selector: {app: web}, clusterIP: 10.96.0.10, ports: [{port: 80, targetPort: web}]}");
        LabObject pod = pod("web-1", "shop", "web", 11, true);

        assertThat(view().services().getFirst().endpoints().getFirst().getPort())
                .isEqualTo(80);
        pod.tree().withObjectProperty("spec").remove("containers");
        assertThat(view().services().getFirst().endpoints()).isEmpty();
    }

    @Test
    void aHeadlessServiceIsItsPodsAndAServiceWithoutSelectorHasNone() throws Rejected {
        service("spec: {selector: {app: web}, clusterIP: None, ports: [{port: 80}]}");
        pod("web-1", "shop", "web", 11, true);
        pod("web-2", "shop", "web", 12, false);

        assertThat(view().services()).isEmpty();
        assertThat(names("web.shop")).containsExactly("10.111.0.11", "fd74:616e:6a61:1::b");

        service("spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}");
        assertThat(view().services().getFirst().endpoints()).isEmpty();
        assertThat(names("web.shop")).containsExactly("10.96.0.10");
    }

    @Test
    void aHeadlessServiceWithoutReadyPodsStillHasItsName() throws Rejected {
        service("spec: {selector: {app: web}, clusterIP: None, ports: [{port: 80}]}");

        assertThat(view().names().lookup("web.shop")).contains(List.of());
        assertThat(view().names().lookup("web.other")).isEmpty();
    }

    private List<String> names(String name) {
        return view().names().lookup(name).orElseThrow().stream()
                .map(AddressText::of)
                .toList();
    }

    private Endpoints.View view() {
        return Endpoints.of(store);
    }

    private void service(String spec) throws Rejected {
        put("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n" + spec + "\n");
    }

    private LabObject pod(String name, String namespace, String app, int index, boolean ready) throws Rejected {
        LabObject pod = put("apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + namespace
                + ", labels: {app: " + app + "}}\nspec: {containers: [{name: a, image: nginx, ports: [{name: web,"
                + " containerPort: 80}]}]}\n");
        List<InetAddress> addresses = new AddressPlan(true).pod(index);
        PodObjects.place(pod, addresses);
        PodObjects.update(pod, new PodStatus(Map.of("a", new ContainerState.Running(Instant.EPOCH, ready)), 1, false));
        assertThat(PodObjects.addresses(pod)).isEqualTo(addresses);
        assertThat(pod.key().kind()).isEqualTo(Kind.POD);
        return pod;
    }

    private LabObject put(String text) throws Rejected {
        LabObject object = Manifests.read(text, "test", "default").objects().getFirst();
        store.put(object);
        return object;
    }
}
