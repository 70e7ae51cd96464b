package io.tanja.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficMetricsTest {
    private final TrafficMetrics metrics = new TrafficMetrics(Records::web, TrafficMetrics.MAX_SERIES);

    private String page(TrafficMetrics of) {
        Exposition out = new Exposition();
        of.write(out);
        return out.toString();
    }

    private List<String> samples(String name) {
        return Arrays.stream(page(metrics).split("\n"))
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .toList();
    }

    @Test
    void thePageIsAsRecorded() throws IOException {
        ConnectionRecord http = Records.inbound(1);
        metrics.opened(http);
        metrics.ended(Records.request(http));
        metrics.closed(http);
        ConnectionRecord tcp = Records.plainTcp(2, Direction.OUTBOUND);
        metrics.opened(tcp);
        tcp.bytesReceived = 10;
        tcp.bytesSent = 2000;
        metrics.closed(tcp);
        ConnectionRecord refused = Records.plainTcp(3, Direction.INBOUND);
        refused.refuse(Refusal.PLAINTEXT_REFUSED_STRICT, "mode STRICT");
        metrics.opened(refused);
        metrics.closed(refused);

        try (InputStream golden = TrafficMetricsTest.class.getResourceAsStream("/observe/metrics.golden.txt")) {
            assertThat(golden).isNotNull();
            assertThat(page(metrics)).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aDeniedRequestHasItsFlagAndItsReason() {
        RequestRecord denied = Records.request(Records.inbound(1));
        denied.status = 403;
        denied.refuse(Refusal.POLICY_DENIED, "deny by ns[test]-policy[p]-rule[0]");
        metrics.ended(denied);

        assertThat(samples("istio_requests_total"))
                .singleElement()
                .asString()
                .contains("response_code=\"403\",grpc_response_status=\"\",response_flags=\"RBAC\"");
        assertThat(samples("tanja_requests_refused_total"))
                .containsExactly("tanja_requests_refused_total{reason=\"policy_denied\",direction=\"inbound\"} 1");
    }

    @Test
    void theSourceReportsTheDestinationByItsWorkloadAndItsService() {
        metrics.ended(Records.outboundRequest());

        assertThat(samples("istio_requests_total"))
                .singleElement()
                .asString()
                .contains("reporter=\"source\"")
                .contains("destination_workload=\"webserver\"")
                .contains("destination_service_name=\"webserver\",destination_service_namespace=\"test\"")
                .contains("source_principal=\"spiffe://cluster.local/ns/test/sa/client\"")
                .contains("connection_security_policy=\"unknown\"");
    }

    @Test
    void bytesOfALongConnectionAreCountedOnceWhileItLives() {
        ConnectionRecord tcp = Records.plainTcp(1, Direction.INBOUND);
        metrics.opened(tcp);
        tcp.bytesReceived = 100;
        assertThat(samples("istio_tcp_received_bytes_total"))
                .singleElement()
                .asString()
                .endsWith("} 100");
        tcp.bytesReceived = 150;
        metrics.closed(tcp);

        assertThat(samples("istio_tcp_received_bytes_total"))
                .singleElement()
                .asString()
                .endsWith("} 150");
        assertThat(samples("istio_tcp_connections_closed_total"))
                .singleElement()
                .asString()
                .endsWith("} 1");
        assertThat(samples("tanja_connections_active")).allMatch(line -> line.endsWith(" 0"));
    }

    @Test
    void plaintextIsCountedOnceThoughItIsKnownFromTheStart() {
        ConnectionRecord tcp = Records.plainTcp(1, Direction.OUTBOUND);
        metrics.opened(tcp);
        assertThat(samples("tanja_plaintext_connections_total"))
                .containsExactly(
                        "tanja_plaintext_connections_total{reason=\"destination_outside_mesh\",direction=\"outbound\"} 1");
        metrics.closed(tcp);

        assertThat(samples("tanja_plaintext_connections_total"))
                .singleElement()
                .asString()
                .endsWith("} 1");
    }

    @Test
    void mutualTlsIsNeverCountedAsPlaintext() {
        ConnectionRecord connection = Records.inbound(1);
        metrics.opened(connection);
        metrics.closed(connection);

        assertThat(samples("tanja_plaintext_connections_total")).isEmpty();
    }

    @Test
    void aConnectionRefusedBeforeItWasOpenedIsCounted() {
        ConnectionRecord connection = Records.plainTcp(1, Direction.INBOUND);
        connection.refuse(Refusal.NO_ORIGINAL_DESTINATION, "no address");
        metrics.closed(connection);

        assertThat(samples("tanja_connections_refused_total"))
                .containsExactly(
                        "tanja_connections_refused_total{reason=\"no_original_destination\",direction=\"inbound\"} 1");
        assertThat(samples("istio_tcp_connections_opened_total")).isEmpty();
    }

    @Test
    void seriesBeyondTheLimitAreCountedInOne() {
        TrafficMetrics few = new TrafficMetrics(Records::web, 3);
        for (int status = 200; status < 210; status++) {
            RequestRecord request = Records.request(Records.inbound(1));
            request.status = status;
            few.ended(request);
        }

        String page = page(few);
        List<String> series = Arrays.stream(page.split("\n"))
                .filter(line -> line.startsWith("istio_requests_total{"))
                .toList();
        assertThat(series).hasSize(4);
        assertThat(series)
                .filteredOn(line -> line.contains("destination_service=\"overflow\""))
                .singleElement()
                .asString()
                .endsWith("} 7");
        assertThat(page).contains("\ntanja_metrics_overflow_total 7\n");
    }

    @Test
    void labelValuesCannotAddSamples() {
        ConnectionRecord connection = Records.inbound(1);
        connection.serviceHost = "x\"} 1\nevil_total{a=\"\\";
        metrics.ended(Records.request(connection));

        String page = page(metrics);
        assertThat(page)
                .doesNotContain("\nevil_total")
                .contains("destination_service=\"x\\\"} 1\\nevil_total{a=\\\"\\\\\"");
    }

    @Test
    void bucketsAreCumulativeAndBoundsBelongToTheirBucket() {
        Histogram histogram = Histogram.ofMicroseconds();
        histogram.record(500);
        histogram.record(501);
        histogram.record(4_000_000_000L);
        Exposition out = new Exposition();
        histogram.write(out, "h", "");

        assertThat(out.toString())
                .contains("h_bucket{le=\"0.5\"} 1\nh_bucket{le=\"1\"} 2\n")
                .contains("h_bucket{le=\"3600000\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4000001.001\nh_count 3\n");
    }
}
