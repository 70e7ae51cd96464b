package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.RequestRecord;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What two parsers could read in two ways is answered 400, nothing of it reaches an upstream, and nothing after it is
 * read. Classes: CVE-2025-58056, CVE-2025-67735, CVE-2026-33870, CVE-2026-42580, CVE-2026-42585 (Netty), CVE-2025-64763
 * (Envoy), and the known TE.TE, CL.TE, 0.CL families.
 */
class SmugglingTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("GET / HTTP/1.1\nHost: a\n\n", Defect.BARE_LF),
                arguments("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", Defect.BARE_LF),
                arguments("GET / HTTP/1.1\r\nHost: a\r\n\n", Defect.BARE_LF),
                arguments("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Defect.BARE_LF),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX: b\rTransfer-Encoding: chunked\r\n\r\n", Defect.BARE_CR),
                arguments("GET / HTTP/1.1\rHost: a\r\n\r\n", Defect.BARE_CR),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n", Defect.BARE_CR),
                arguments("GET / HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\n", Defect.OBS_FOLD),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n", Defect.OBS_FOLD),
                arguments("GET / HTTP/1.1\r\n Host: a\r\n\r\n", Defect.OBS_FOLD),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n", Defect.SPACE_BEFORE_COLON),
                arguments(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n",
                        Defect.SPACE_BEFORE_COLON),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n", Defect.FIELD_NAME),
                arguments("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", Defect.FIELD_NAME),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", Defect.FIELD_NAME),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX[: b\r\n\r\n", Defect.FIELD_NAME),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n", Defect.FIELD_VALUE),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nX: b\u007f\r\n\r\n", Defect.FIELD_VALUE),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n", Defect.FIELD_VALUE),
                arguments(post("Content-Length: 5\r\nTransfer-Encoding: chunked"), Defect.LENGTH_AND_CODING),
                arguments(post("Transfer-Encoding: chunked\r\nContent-Length: 5"), Defect.LENGTH_AND_CODING),
                arguments(post("Transfer-Encoding: x\r\nContent-Length: 5"), Defect.LENGTH_AND_CODING),
                arguments(post("Content-Length: 5\r\nContent-Length: 6"), Defect.LENGTH_TWICE),
                arguments(post("Content-Length: 5\r\nContent-Length: 5"), Defect.LENGTH_TWICE),
                arguments(post("Content-Length: 5, 5"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length: +5"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length: -1"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length: 0x5"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length: 5 5"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length:"), Defect.LENGTH_INVALID),
                arguments(post("Content-Length: 9999999999999999999"), Defect.LENGTH_INVALID),
                arguments(post("Transfer-Encoding: chunked, gzip"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: gzip, chunked"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: xchunked"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: chunked;"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: \"chunked\""), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: identity"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding:"), Defect.CODING_UNKNOWN),
                arguments(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"), Defect.CODING_TWICE),
                arguments(post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked"), Defect.CODING_TWICE),
                arguments("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Defect.CODING_IN_10),
                arguments("GET / HTTP/1.1\r\n\r\n", Defect.HOST_MISSING),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Defect.HOST_TWICE),
                arguments("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Defect.HOST_INVALID),
                arguments("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", Defect.HOST_INVALID),
                arguments("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Defect.HOST_INVALID),
                arguments("GET / HTTP/1.1\r\nHost:\r\n\r\n", Defect.HOST_INVALID),
                arguments("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", Defect.HOST_MISMATCH),
                arguments("GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n", Defect.TARGET),
                arguments("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", Defect.TARGET),
                arguments("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", Defect.TARGET),
                arguments("GET a HTTP/1.1\r\nHost: a\r\n\r\n", Defect.TARGET),
                arguments("GET * HTTP/1.1\r\nHost: a\r\n\r\n", Defect.TARGET),
                arguments("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", Defect.TARGET),
                arguments("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", Defect.FRAGMENT),
                arguments("GET /?a#b HTTP/1.1\r\nHost: a\r\n\r\n", Defect.FRAGMENT),
                arguments("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", Defect.PATH),
                arguments("GET /%%32e/ HTTP/1.1\r\nHost: a\r\n\r\n", Defect.PATH),
                arguments("GET /\r\n\r\n", Defect.REQUEST_LINE),
                arguments("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Defect.REQUEST_LINE),
                arguments("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", Defect.VERSION),
                arguments("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Defect.REQUEST_LINE),
                arguments("GET / x HTTP/1.1\r\nHost: a\r\n\r\n", Defect.VERSION),
                arguments("G[T / HTTP/1.1\r\nHost: a\r\n\r\n", Defect.REQUEST_LINE),
                arguments("\r\n\r\n", Defect.REQUEST_LINE),
                arguments("GET / HTTP/1.2\r\nHost: a\r\n\r\n", Defect.VERSION),
                arguments("GET / http/1.1\r\nHost: a\r\n\r\n", Defect.VERSION),
                arguments("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Defect.VERSION),
                arguments(post("Connection: close, Content-Length\r\nContent-Length: 5"), Defect.NOMINATED),
                arguments(post("Connection: host"), Defect.NOMINATED),
                arguments(post("Connection: transfer-encoding\r\nTransfer-Encoding: chunked"), Defect.NOMINATED),
                arguments(
                        post("Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5"),
                        Defect.UPGRADE_WITH_BODY),
                arguments(
                        post("Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: websocket"), Defect.UPGRADE_TWICE));
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }

    @ParameterizedTest
    @MethodSource("heads")
    void refusesTheHead(String head, Defect defect) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(head + NEXT);

            assertRefused(proxy, defect, 400);
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("5;\nhello\r\n0\r\n\r\n", Defect.BARE_LF),
                arguments("5;a=b\nhello\r\n0\r\n\r\n", Defect.BARE_LF),
                arguments("5;a\rb\r\nhello\r\n0\r\n\r\n", Defect.BARE_CR),
                arguments("5\nhello\n0\n\n", Defect.BARE_LF),
                arguments("5\rhello\r\n0\r\n\r\n", Defect.BARE_CR),
                arguments("5;a\0\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_EXTENSION),
                arguments("5;" + "x".repeat(2000) + "\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_EXTENSION),
                arguments("5 \r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments(" 5\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("0x5\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("+5\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("-1\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments(";a\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("10000000000000005\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_SIZE),
                arguments("ffffffffffffffff\r\nhello", Defect.CHUNK_SIZE),
                arguments("5\r\nhello0\r\n\r\n", Defect.CHUNK_END),
                arguments("5\r\nhello\n0\r\n\r\n", Defect.CHUNK_END),
                arguments("5\r\nhello\r0\r\n\r\n", Defect.CHUNK_END),
                arguments("4\r\nhello\r\n0\r\n\r\n", Defect.CHUNK_END),
                arguments("0\r\nX: a\n\r\n", Defect.BARE_LF),
                arguments("0\r\n\n", Defect.BARE_LF),
                arguments("0\r\nX : a\r\n\r\n", Defect.TRAILER),
                arguments("0\r\n X: a\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nX: a\0\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nContent-Length: 5\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nTransfer-Encoding: chunked\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nHost: b\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nX-Forwarded-Client-Cert: URI=spiffe://a\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nX-Envoy-Original-Path: /\r\n\r\n", Defect.TRAILER),
                arguments("0\r\nX: " + "y".repeat(9000) + "\r\n\r\n", Defect.TRAILER));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesTheBodyThatComesWithItsHead(String body, Defect defect) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(post("Transfer-Encoding: chunked") + body + NEXT);

            assertRefused(proxy, defect, 400);
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesTheBodyThatComesLater(String body, Defect defect) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(post("Transfer-Encoding: chunked"));
            proxy.fromClientSlowly(body);
            proxy.fromClient(NEXT);

            assertRefused(proxy, defect, 400);
            assertThat(proxy.toUpstream()).doesNotContain("smuggled").doesNotEndWith("0\r\n\r\n");
            assertThat(proxy.upstream().isActive()).isFalse();
        }
    }

    static Stream<Arguments> large() {
        return Stream.of(
                arguments("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", Defect.LINE_TOO_LARGE, 414),
                arguments(
                        "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(70_000) + "\r\n\r\n",
                        Defect.HEAD_TOO_LARGE,
                        431),
                arguments(
                        "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(100) + "\r\n",
                        Defect.TOO_MANY_FIELDS,
                        431));
    }

    @ParameterizedTest
    @MethodSource("large")
    void refusesWhatIsTooLarge(String head, Defect defect, int status) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(head);

            assertRefused(proxy, defect, status);
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    private static void assertRefused(EmbeddedProxy proxy, Defect defect, int status) {
        assertThat(proxy.toClient())
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nconnection: close\r\n")
                .endsWith("\r\n\r\n" + defect.meaning());
        RequestRecord record = proxy.record();
        assertThat(record.refusal).isEqualTo(Refusal.PROTOCOL_ERROR);
        assertThat(record.detail).isEqualTo(defect.meaning());
        assertThat(record.status).isEqualTo(status);
        assertThat(proxy.client.isActive()).isFalse();
    }
}
