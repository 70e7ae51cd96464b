package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.proxy.observe.RequestRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class Http1ProxyTest {
    @Test
    void passesRequestsOverOneConnectionOnEachSide() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("hello");
                ProxyFixture fixture = new ProxyFixture(ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            for (int i = 0; i < 3; i++) {
                send(client, "GET /a?b=" + i + " HTTP/1.1\r\nHost: web\r\n\r\n");
                String head = Wire.head(client.getInputStream());
                assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(Wire.field(head, "connection")).isNull();
                assertThat(Wire.body(client.getInputStream(), head)).isEqualTo("hello");
            }
            send(client, "POST /p HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\n\r\nbody");
            InputStream in = client.getInputStream();
            assertThat(Wire.body(in, Wire.head(in))).isEqualTo("hello");

            assertThat(server.connections).hasValue(1);
            RequestRecord post = fixture.records(4).get(3);
            assertThat(post.method).isEqualTo("POST");
            assertThat(post.path).isEqualTo("/p");
            assertThat(post.authority).isEqualTo("web");
            assertThat(post.status).isEqualTo(200);
            assertThat(post.attempts).isEqualTo(1);
            assertThat(post.bytesReceived).isEqualTo(4);
            assertThat(post.bytesSent).isEqualTo(5);
            assertThat(post.upstreamMillis).isNotNegative();
            assertThat(post.durationNanos).isPositive();
            assertThat(post.refusal).isNull();
            assertThat(post.connection.requests).isEqualTo(4);
        }
    }

    static void send(Socket client, String latin) throws IOException {
        client.getOutputStream().write(Octets.of(latin));
        client.getOutputStream().flush();
    }
}
