package io.tanja.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private final LineBuffer line = new LineBuffer(64);

    @Test
    void jsonTellsARequestWithBothIdentitiesAndTheTls() {
        new JsonFormat().request(line, Records.request(Records.inbound(7)));

        assertThat(line)
                .hasToString(
                        "{\"start_time\":\"2026-11-23T06:11:02.123Z\",\"kind\":\"request\",\"direction\":\"inbound\""
                                + ",\"method\":\"GET\",\"path\":\"/index.html?q=1\",\"protocol\":\"HTTP/1.1\",\"response_code\":200"
                                + ",\"response_flags\":\"-\",\"bytes_received\":0,\"bytes_sent\":1024,\"duration\":3"
                                + ",\"upstream_service_time\":2,\"user_agent\":\"Wget/1.21\""
                                + ",\"request_id\":\"6c1ddf43-0d2c-4b7e-8f5c-000000000001\",\"authority\":\"webserver:80\""
                                + ",\"upstream_host\":\"10.1.0.3:80\",\"upstream_cluster\":\"inbound|80||\""
                                + ",\"upstream_local_address\":\"127.0.0.6:51000\",\"downstream_local_address\":\"10.1.0.3:80\""
                                + ",\"downstream_remote_address\":\"10.1.0.2:40000\""
                                + ",\"requested_server_name\":\"outbound_.80_._.webserver.test.svc.cluster.local\""
                                + ",\"encrypted\":true,\"tls_version\":\"TLSv1.3\",\"tls_cipher\":\"TLS_AES_128_GCM_SHA256\""
                                + ",\"tls_group\":\"X25519MLKEM768\""
                                + ",\"source_principal\":\"spiffe://cluster.local/ns/test/sa/client\""
                                + ",\"destination_principal\":\"spiffe://cluster.local/ns/test/sa/webserver\""
                                + ",\"service_host\":\"webserver.test.svc.cluster.local\",\"peer_workload\":\"client\""
                                + ",\"peer_namespace\":\"test\",\"peer_pod\":\"client-1\",\"connection_id\":7}\n");
    }

    @Test
    void jsonTellsWhoIsWhoOnTheWayOut() {
        new JsonFormat().request(line, Records.outboundRequest());

        assertThat(line.toString())
                .contains("\"direction\":\"outbound\"")
                .contains("\"source_principal\":\"spiffe://cluster.local/ns/test/sa/client\"")
                .contains("\"destination_principal\":\"spiffe://cluster.local/ns/test/sa/webserver\"")
                .contains("\"peer_workload\":\"webserver\"")
                .contains("\"upstream_cluster\":\"outbound|80||webserver.test.svc.cluster.local\"");
    }

    @Test
    void jsonNamesTheReasonOfPlaintextAndOfARefusal() {
        ConnectionRecord connection = Records.plainTcp(3, Direction.INBOUND);
        connection.refuse(Refusal.PLAINTEXT_REFUSED_STRICT, "PeerAuthentication test/default");

        new JsonFormat().connection(line, connection, 1_002_000_000L);

        assertThat(line)
                .hasToString("{\"start_time\":\"2026-11-23T06:11:02.123Z\",\"kind\":\"connection\""
                        + ",\"direction\":\"inbound\",\"protocol\":\"tcp\",\"response_flags\":\"NR\""
                        + ",\"reason\":\"plaintext_refused_strict\",\"detail\":\"PeerAuthentication test/default\""
                        + ",\"bytes_received\":0,\"bytes_sent\":0,\"duration\":2,\"upstream_cluster\":\"inbound|5432||\""
                        + ",\"downstream_local_address\":\"10.1.0.3:5432\",\"downstream_remote_address\":\"10.1.0.9:40001\""
                        + ",\"encrypted\":false,\"plaintext_reason\":\"caller_sent_plaintext\",\"connection_id\":3}\n");
    }

    @Test
    void textIsIstiosDefaultLine() {
        new TextFormat().request(line, Records.request(Records.inbound(7)));

        assertThat(line)
                .hasToString(
                        "[2026-11-23T06:11:02.123Z] \"GET /index.html?q=1 HTTP/1.1\" 200 - via_upstream - \"-\" 0 1024 3 2"
                                + " \"-\" \"Wget/1.21\" \"6c1ddf43-0d2c-4b7e-8f5c-000000000001\" \"webserver:80\" \"10.1.0.3:80\""
                                + " inbound|80|| 127.0.0.6:51000 10.1.0.3:80 10.1.0.2:40000"
                                + " outbound_.80_._.webserver.test.svc.cluster.local default\n");
    }

    @Test
    void textHasALineOnlyForConnectionsWithoutRequests() {
        ConnectionRecord tcp = Records.plainTcp(3, Direction.OUTBOUND);
        tcp.refuse(Refusal.CONNECT_REFUSED, "10.1.0.3:5432 refused");
        ConnectionRecord http = Records.inbound(4);
        http.requests = 2;
        TextFormat format = new TextFormat();

        format.connection(line, tcp, 1_002_000_000L);

        assertThat(format.wants(http)).isFalse();
        assertThat(format.wants(tcp)).isTrue();
        assertThat(line)
                .hasToString(
                        "[2026-11-23T06:11:02.123Z] \"- - -\" 0 UF - connect_refused \"10.1.0.3:5432 refused\" 0 0 2 -"
                                + " \"-\" \"-\" \"-\" \"-\" \"-\" PassthroughCluster - 10.1.0.3:5432 10.1.0.9:40001 - default\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\r\n[2026",
                "\",\"admin\":true,\"x\":\"",
                "\\",
                "\u0000",
                "\u001b[2J",
                "\u2028",
                "é",
                "\ud83d\ude00",
                "\ud83d",
                " 200 - via_upstream",
                "\u007f"
            })
    void textFromPeersCannotEndAFieldOrALine(String evil) {
        assertOneLineWithTheUsualFields(evil);
    }

    @Test
    void randomTextFromPeersCannotEndAFieldOrALine() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
            }
            assertOneLineWithTheUsualFields(text.toString());
        }
    }

    private void assertOneLineWithTheUsualFields(String evil) {
        ConnectionRecord connection = Records.inbound(1);
        connection.sni = evil;
        RequestRecord request = Records.request(connection);
        request.method = evil;
        request.path = evil;
        request.authority = evil;
        request.userAgent = evil;
        request.requestId = evil;
        request.forwardedFor = evil;
        request.refuse(Refusal.POLICY_DENIED, evil);

        line.clear();
        new JsonFormat().request(line, request);
        String json = line.toString();
        assertThat(json).matches("\\{[ -~]*}\\n");
        assertThat(json.chars().filter(c -> c == '"').count())
                .as("quotes in %s", json)
                .isEqualTo(126);
        assertThat(json).doesNotContain("\"admin\":true");

        line.clear();
        new TextFormat().request(line, request);
        String text = line.toString();
        assertThat(text).matches("[ -~]*\\n");
        assertThat(text.chars().filter(c -> c == '"').count())
                .as("quotes in %s", text)
                .isEqualTo(14);
        String head = text.substring(0, text.indexOf("HTTP/1.1\""));
        assertThat(head.chars().filter(c -> c == ' ').count())
                .as("spaces in %s", head)
                .isEqualTo(3);
        assertThat(text).contains(" RBAC policy_denied ");
    }

    @ParameterizedTest
    @EnumSource(AccessLogSettings.Format.class)
    void fieldsAreCut(AccessLogSettings.Format format) {
        RequestRecord request = Records.request(Records.inbound(1));
        request.path = "/" + "\u0001".repeat(1_000_000);
        request.userAgent = "x".repeat(1_000_000);

        format.create().request(line, request);

        assertThat(line.length()).isLessThan(9000);
        assertThat(line.toString()).contains("x...").endsWith("\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 12_345, -1, -987, Long.MAX_VALUE, Long.MIN_VALUE})
    void numbersAreDecimal(long number) {
        assertThat(line.put(number)).hasToString(Long.toString(number));
    }

    @Test
    void addressesOfBothFamiliesArePlain() {
        line.put(Records.socket("10.200.0.255", 65_535)).put(' ').put(Records.socket("fd00::1", 80));

        assertThat(line).hasToString("10.200.0.255:65535 [fd00:0:0:0:0:0:0:1]:80");
    }
}
