package io.tanja.proxy.detect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStartTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\n",
                "POST /a?b=c HTTP/1.1\r\nHost: x",
                "OPTIONS * HTTP/1.1\r\n"
            })
    void recognisesRequests(String text) {
        assertThat(read(text)).isInstanceOf(Detected.Http1.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "G", "GET", "GET ", "GET /", "GET / HTTP/1.1", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "P", "PR"})
    void waitsWhileItCouldBeARequest(String text) {
        assertThat(read(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GETX",
                "get / HTTP/1.1\r\n",
                "GET / HTTP/1.0\r\n",
                "GET /\r\n",
                "PING\r\n",
                "\0\0",
                "EHLO mail\r\n",
                "HTTP/1.1 200 OK\r\n",
                "GET / HTTP/1.1 \r\n",
                "\r\nGET / HTTP/1.1\r\n",
                "PRIX"
            })
    void takesTheRestForBytes(String text) {
        assertThat(read(text)).isInstanceOf(Detected.Opaque.class);
    }

    @Test
    void recognisesTheHttp2Preface() {
        assertThat(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isInstanceOf(Detected.Http2.class);
    }

    @Test
    void aVeryLongTargetIsLeftToTheParser() {
        assertThat(read("GET /" + "a".repeat(9000))).isInstanceOf(Detected.Http1.class);
    }

    private static @Nullable Detected read(String text) {
        return new Detector(new Question(false, true, true)).look(Unpooled.copiedBuffer(text, US_ASCII));
    }
}
