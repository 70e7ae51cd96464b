package io.tanja.proxy.http;

import org.jspecify.annotations.Nullable;

/**
 * The head of a response, parsed from bytes that stay where they are (RFC 9112, section 4). Made once for each event loop
 * and filled again for each response; one writer: that event loop.
 */
final class ParsedResponse {
    private static final byte[] HTTP_1 = Octets.of("HTTP/1.");
    private static final int CODE = 9;
    private static final int REASON = 12;

    final HeadFields fields;
    final ConnectionTokens connection = new ConnectionTokens();
    private final BodyLength bodyLength = new BodyLength();
    private byte[] bytes = new byte[0];
    private int status;
    private boolean http10;

    ParsedResponse(int maxFields) {
        fields = new HeadFields(maxFields);
    }

    /**
     * Parses a whole head that begins at index 0.
     *
     * @param to the index after the empty line
     * @return what is wrong, or null
     */
    @Nullable
    Defect parse(byte[] head, int to) {
        bytes = head;
        Defect defect = statusLine(head, to);
        if (defect == null) {
            defect = bodyLength.read(head, fields, http10);
        }
        if (defect == null) {
            defect = connection.read(head, fields);
        }
        return defect;
    }

    private @Nullable Defect statusLine(byte[] head, int to) {
        if (to < REASON + 4) {
            return Defect.STATUS_LINE;
        }
        for (int i = 0; i < HTTP_1.length; i++) {
            if (head[i] != HTTP_1[i]) {
                return Defect.STATUS_LINE;
            }
        }
        byte minor = head[HTTP_1.length];
        if (minor != '0' && minor != '1') {
            return Defect.VERSION;
        }
        http10 = minor == '0';
        if (head[CODE - 1] != ' ') {
            return Defect.STATUS_LINE;
        }
        status = 0;
        for (int i = CODE; i < REASON; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return Defect.STATUS_LINE;
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599) {
            return Defect.STATUS_LINE;
        }
        int at = REASON;
        // The space before an empty reason is required, yet many servers leave it out; nothing hangs on it.
        if (head[at] != ' ' && head[at] != '\r') {
            return Defect.STATUS_LINE;
        }
        while (Octets.isValue(head[at])) {
            at++;
        }
        if (head[at] != '\r') {
            return head[at] == '\n' ? Defect.BARE_LF : Defect.STATUS_LINE;
        }
        return head[at + 1] == '\n' ? fields.parse(head, at + 2, to) : Defect.BARE_CR;
    }

    byte[] bytes() {
        return bytes;
    }

    int status() {
        return status;
    }

    /** An interim answer, after which another follows. */
    boolean informational() {
        return status < 200;
    }

    /** Where the status code begins. */
    int statusStart() {
        return CODE;
    }

    /** The length of the body: octets, {@link BodyLength#CHUNKED} or, up to the end of the connection, UNSTATED. */
    long bodyLength() {
        return bodyLength.length();
    }

    /** Whether this status never has a body (RFC 9112, section 6.3). */
    boolean bodiless() {
        return status < 200 || status == 204 || status == 304;
    }

    /** Whether the upstream will take another request on this connection. An upstream of HTTP/1.0 is never asked again. */
    boolean keepAlive() {
        return !http10 && !connection.close;
    }
}
