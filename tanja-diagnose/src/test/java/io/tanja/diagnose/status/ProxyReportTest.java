package io.tanja.diagnose.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.status.MeshedPod.Expires;
import io.tanja.diagnose.status.MeshedPod.NotKnown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyReportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void readsWhatAReplicaWrites() throws Exception {
        ReplicaStatus status = read("""
                {"time":"2026-01-01T11:59:59Z","version":"7","mesh":{"enabled":true},"proxies":[
                 {"stream":1,"identity":"spiffe://cluster.local/ns/shop/sa/web",
                  "node":"sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local","peer":"x","since":"2026-01-01T11:00:00Z",
                  "types":[{"type":"tanja.v1.ProxyConfig","wildcard":false,"keys":1,"resources":1,"sent":"7",
                            "acked":"7","nack":null}]}],"problems":[]}""");

        assertThat(status.version()).isEqualTo("7");
        ConnectedProxy proxy = status.proxies().getFirst();
        assertThat(proxy.pod()).isEqualTo("shop/web-1");
        assertThat(proxy.since()).isEqualTo("2026-01-01T11:00:00Z");
        assertThat(proxy.progress()).isEqualTo(new Progress.InStep());
    }

    @Test
    void refusesWhatIsNoStatus() {
        for (String text : List.of(
                "", "[", "[]", "{}", "{\"proxies\":{}}", "{\"proxies\":[],\"time\":\"soon\"}", "{\"proxies\":[{}]}")) {
            assertThatThrownBy(() -> read(text))
                    .as(text)
                    .isInstanceOf(DiagnoseException.class)
                    .hasMessageContaining("control-1");
        }
    }

    @Test
    void tellsTheWorstOfAllTypes() {
        ConnectedProxy.Type good = new ConnectedProxy.Type("a", "3", "3", "");
        ConnectedProxy.Type late = new ConnectedProxy.Type("b", "3", "2", "");
        ConnectedProxy.Type bad = new ConnectedProxy.Type("c", "3", "2", "no such key");

        assertThat(proxy("control-1", "shop", "web-1", good, late).progress())
                .isEqualTo(new Progress.Behind("b", "2", "3"));
        assertThat(proxy("control-1", "shop", "web-1", late, bad).progress())
                .isEqualTo(new Progress.Refused("c", "no such key"));
        assertThat(proxy("control-1", "shop", "web-1").progress()).isEqualTo(new Progress.Nothing());
    }

    @Test
    void anOddNodeNameIsShownAsItIs() {
        for (String node : List.of("", "sidecar", "a~b~c", "a~b~.~d")) {
            assertThat(new ConnectedProxy("c", "", node, NOW, List.of()).pod()).isEqualTo(node);
        }
    }

    @Test
    void mergesReplicasAndFindsThosePodsThatAreConnectedToNone() {
        ConnectedProxy.Type good = new ConnectedProxy.Type("a", "3", "3", "");
        ReplicaStatus one =
                new ReplicaStatus("control-1", NOW, "3", List.of(proxy("control-1", "shop", "web-1", good)));
        ReplicaStatus two = new ReplicaStatus("control-2", NOW, "9", List.of(proxy("control-2", "bank", "db-1", good)));
        MeshedPod web = new MeshedPod("shop/web-1", "0.1.0", true, new Expires(NOW.plus(Duration.ofMinutes(90))));
        MeshedPod lost = new MeshedPod("shop/web-2", "0.1.0", true, new NotKnown("it does not answer"));
        MeshedPod over = new MeshedPod("shop/job-1", "0.1.0", false, new NotKnown("it does not run"));

        ProxyReport all = ProxyReport.of(List.of(two, one), List.of(web, lost, over), "", List.of(), NOW);
        ProxyReport shop = ProxyReport.of(List.of(two, one), List.of(web, lost, over), "shop", List.of(), NOW);

        assertThat(all.replicas()).extracting(ReplicaStatus::replica).containsExactly("control-1", "control-2");
        assertThat(all.rows()).extracting(ProxyRow::pod).containsExactly("bank/db-1", "shop/web-1", "shop/web-2");
        assertThat(shop.rows()).extracting(ProxyRow::pod).containsExactly("shop/web-1", "shop/web-2");
        assertThat(all.notes()).isEmpty();
        ProxyReportText text = new ProxyReportText(shop, NOW);
        assertThat(text.rows().getFirst())
                .startsWith("shop/web-1", "in step", "control-1", "1h0m", "in 1h30m", "0.1.0");
        assertThat(text.rows().getLast()).startsWith("shop/web-2", "NOT CONNECTED", "", "", "?", "0.1.0");
        assertThat(text.lines())
                .contains("shop/web-2 certificate not known: it does not answer")
                .endsWith("1 connected to 2 replicas, 1 not connected");
        assertThat(text.data()).containsKeys("replicas", "proxies", "notes");
    }

    @Test
    void tellsAReplicaThatDoesNotWriteAnyMore() {
        ReplicaStatus dead = new ReplicaStatus("control-1", NOW.minusSeconds(60), "3", List.of());

        assertThat(ProxyReport.of(List.of(dead), List.of(), "", List.of(), NOW).notes())
                .singleElement()
                .asString()
                .contains("control-1", "does not write any more");
    }

    @Test
    void readsTheExpiryFromTheProxysMetrics() {
        assertThat(ProxyMetrics.expiry("# HELP x y\ntanja_certificate_expiry_seconds 3600\nother 1\n", NOW))
                .isEqualTo(new Expires(NOW.plusSeconds(3600)));
        assertThat(ProxyMetrics.expiry("tanja_certificate_expiry_seconds -5", NOW)
                        .time())
                .isEqualTo(NOW.minusSeconds(5));
        assertThat(ProxyMetrics.expiry("", NOW).reason()).contains("no certificate");
        assertThat(ProxyMetrics.expiry("tanja_certificate_expiry_seconds x", NOW)
                        .reason())
                .contains("no number");
        assertThat(ProxyMetrics.expiry(null, NOW).reason()).contains("no page");
    }

    private static ReplicaStatus read(String text) throws DiagnoseException {
        return ReplicaStatus.read("control-1", text.getBytes(StandardCharsets.UTF_8));
    }

    private static ConnectedProxy proxy(String replica, String namespace, String pod, ConnectedProxy.Type... types) {
        return new ConnectedProxy(
                replica,
                "spiffe://cluster.local/ns/" + namespace + "/sa/default",
                "sidecar~10.0.0.1~" + pod + "." + namespace + "~" + namespace + ".svc.cluster.local",
                NOW.minus(Duration.ofHours(1)),
                List.of(types));
    }
}
