package io.tanja.proxy.http;

import java.util.List;

/** Requests with the responses that follow them, for tests that cut both into pieces in every way. */
final class Corpus {
    private Corpus() {}

    /**
     * One request and its response.
     *
     * @param ends whether the upstream closes after the response
     */
    record Pair(String name, String request, String response, boolean ends) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static List<Pair> pairs() {
        return List.of(
                pair("plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", OK),
                pair("empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", OK),
                pair("no reason", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"),
                pair(
                        "no reason, no space",
                        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                        "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n"),
                pair("length body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", OK),
                pair("zero length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", OK),
                pair("chunked", chunkedPost("5\r\nhello\r\n0\r\n\r\n"), OK),
                pair(
                        "chunked in many",
                        chunkedPost("1\r\na\r\n00a\r\n0123456789\r\nB\r\nabcdefghijk\r\n0\r\n\r\n"),
                        OK),
                pair("chunk extension", chunkedPost("5;a=b;c=\"d e\"\r\nhello\r\n0;z\r\n\r\n"), OK),
                pair("trailer", chunkedPost("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other:\r\n\r\n"), OK),
                pair("empty chunked", chunkedPost("0\r\n\r\n"), OK),
                pair("chunked answer", get(), chunkedAnswer("3\r\nabc\r\n0\r\n\r\n")),
                pair("chunked answer with trailer", get(), chunkedAnswer("3;x\r\nabc\r\n0\r\nEtag: z\r\n\r\n")),
                new Pair("open-ended answer", get(), "HTTP/1.1 200 OK\r\n\r\nup to the end", true),
                new Pair("open-ended and empty", get(), "HTTP/1.1 200 OK\r\n\r\n", true),
                new Pair("answer of 1.0", get(), "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false),
                pair("head", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
                pair(
                        "head, chunked",
                        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                pair("204", get(), "HTTP/1.1 204 No Content\r\n\r\n"),
                pair("304", get(), "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nETag: x\r\n\r\n"),
                pair("early hints", get(), "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK),
                pair("two interim answers", get(), "HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nA: b\r\n\r\n" + OK),
                pair("close by caller", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", OK),
                pair("close by upstream", get(), "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
                pair(
                        "hop by hop",
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
                                + "TE: trailers\r\nProxy-Connection: x\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nConnection: X-Back\r\nX-Back: 1\r\nContent-Length: 0\r\n\r\n"),
                pair("absolute", "GET http://a/x?y HTTP/1.1\r\nHost: a\r\n\r\n", OK),
                pair("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", OK),
                pair("path to normalise", "GET /a/../b/./%7Ec?d=/../ HTTP/1.1\r\nHost: a\r\n\r\n", OK),
                pair("white space", "GET / HTTP/1.1\r\nHost:a\r\nX-A:\t  b c \t\r\nX-B:\r\n\r\n", OK),
                pair("octets above ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX-A: \u00fc\u00ff\r\n\r\n", OK),
                pair(
                        "headers of proxies",
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: By=x\r\nX-Request-Id: me\r\n"
                                + "x-envoy-decorator-operation: lie\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nServer: app\r\nx-envoy-upstream-service-time: 77\r\nContent-Length: 0\r\n\r\n"));
    }

    private static Pair pair(String name, String request, String response) {
        return new Pair(name, request, response, false);
    }

    private static String get() {
        return "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String chunkedPost(String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }

    private static String chunkedAnswer(String body) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }
}
