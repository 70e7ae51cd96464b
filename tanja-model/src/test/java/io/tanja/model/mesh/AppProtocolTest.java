package io.tanja.model.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppProtocolTest {
    @ParameterizedTest
    @CsvSource({
        ", , TCP, 80, AUTO",
        "http, , TCP, 80, HTTP",
        "HTTP-web, , TCP, 80, HTTP",
        "http2-web, , TCP, 80, HTTP2",
        "httpx, , TCP, 80, AUTO",
        "grpc-web, , TCP, 80, HTTP",
        "grpc-web-x, , TCP, 80, HTTP",
        "grpc-x, , TCP, 80, GRPC",
        "https, , TCP, 443, TLS",
        "tls-x, , TCP, 443, TLS",
        "tcp-db, , TCP, 80, TCP",
        "mysql, , TCP, 80, TCP",
        "redis, , TCP, 80, TCP",
        "mongo-a, , TCP, 80, TCP",
        "udp-x, , TCP, 80, UDP",
        "http, , UDP, 80, UDP",
        "web, http, TCP, 80, HTTP",
        "http, tcp, TCP, 80, TCP",
        "http, unknown, TCP, 80, HTTP",
        ", kubernetes.io/h2c, TCP, 80, HTTP2",
        ", kubernetes.io/ws, TCP, 80, HTTP",
        ", kubernetes.io/wss, TCP, 80, TLS",
        ", , TCP, 3306, TCP",
        ", , TCP, 25, TCP",
        ", , TCP, 53, TCP",
        ", , TCP, 27017, TCP",
        "http, , TCP, 3306, HTTP",
    })
    void followsNameAndField(
            @Nullable String name, @Nullable String field, String transport, int port, AppProtocol expected) {
        assertThat(AppProtocol.declared(name, field, transport, port)).isEqualTo(expected);
    }
}
