package io.tanja.proxy.http;

import org.jspecify.annotations.Nullable;

/** Answers that this proxy gives itself, in the form that Envoy gives them. */
final class LocalReply {
    private static final byte[] DATE = Octets.of("date");
    private static final byte[] CONTENT_LENGTH = Octets.of("content-length");
    private static final byte[] TEXT = Octets.of("content-type: text/plain\r\n");

    private LocalReply() {}

    /**
     * Writes the answer onto the workbench.
     *
     * @param withBody false for an answer to HEAD
     * @return how many octets of content it has
     */
    static int write(
            Workbench bench,
            HeaderRules rules,
            int status,
            String text,
            HeadEditor.Persistence persistence,
            boolean withBody,
            boolean withOperation) {
        byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        HeadWriter out = bench.writer;
        out.clear();
        out.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .endLine();
        out.line(CONTENT_LENGTH, body.length);
        if (body.length > 0) {
            out.append(TEXT);
        }
        out.line(DATE, bench.date.now());
        bench.editor.own(rules, persistence, withOperation);
        out.endLine();
        if (!withBody) {
            return 0;
        }
        out.append(body);
        return body.length;
    }

    /**
     * Envoy's text for an attempt that ended before the response began.
     *
     * @param transport why the connection could not be had, or null
     */
    static String upstreamFailure(String resetReason, int attempts, @Nullable String transport) {
        return "upstream connect error or disconnect/reset before headers. "
                + (attempts > 1 ? "retried and the latest reset reason: " : "reset reason: ") + resetReason
                + (transport == null ? "" : ", transport failure reason: " + transport);
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Payload Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Unknown";
        };
    }
}
