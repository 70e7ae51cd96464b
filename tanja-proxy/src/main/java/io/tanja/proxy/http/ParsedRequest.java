package io.tanja.proxy.http;

import io.tanja.proxy.observe.RequestRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, parsed from bytes that stay where they are. Follows RFC 9112 and refuses what two parsers could
 * read in two ways. Made once for each event loop and filled again for each request; one writer: that event loop.
 */
final class ParsedRequest implements RequestHead {
    private static final String[] COMMON_METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"};
    private static final byte[] HTTP_1 = Octets.of("HTTP/1.");
    private static final int VERSION_LENGTH = 8;
    private static final byte[] CONTINUE = Octets.of("100-continue");

    final HeadFields fields;
    final RequestTarget target = new RequestTarget();
    final ConnectionTokens connection = new ConnectionTokens();
    private final BodyLength bodyLength = new BodyLength();
    private byte[] bytes = new byte[0];
    private String method = "";
    private String host = "";
    private boolean http10;

    ParsedRequest(int maxFields) {
        fields = new HeadFields(maxFields);
    }

    /**
     * Parses a whole head.
     *
     * @param to the index after the empty line
     * @return what is wrong, or null
     */
    @Nullable
    Defect parse(byte[] head, int from, int to) {
        bytes = head;
        fields.clear();
        target.clear();
        method = "-";
        host = "-";
        http10 = false;
        Defect defect = requestLine(head, from, to);
        if (defect == null) {
            defect = bodyLength.read(head, fields, http10);
        }
        if (defect == null) {
            defect = connection.read(head, fields);
        }
        if (defect == null) {
            defect = readHost(head);
        }
        if (defect == null && isUpgrade()) {
            boolean empty = bodyLength.length() == BodyLength.UNSTATED || bodyLength.length() == 0;
            defect = fields.hasTwice(KnownField.UPGRADE)
                    ? Defect.UPGRADE_TWICE
                    : empty ? null : Defect.UPGRADE_WITH_BODY;
        }
        return defect;
    }

    private @Nullable Defect requestLine(byte[] head, int from, int to) {
        int at = from;
        while (Octets.isToken(head[at])) {
            at++;
        }
        if (at == from || head[at] != ' ') {
            return head[at] == '\r' && head[at + 1] != '\n' ? Defect.BARE_CR : Defect.REQUEST_LINE;
        }
        method = methodName(head, from, at);
        int targetStart = ++at;
        while (Octets.isTarget(head[at])) {
            at++;
        }
        int targetEnd = at;
        if (targetEnd == targetStart || head[at] != ' ') {
            return head[at] == ' ' || head[at] == '\r' && head[at + 1] == '\n' ? Defect.REQUEST_LINE : Defect.TARGET;
        }
        Defect version = version(head, at + 1, to);
        if (version != null) {
            return version;
        }
        if (!isConnect()) {
            Defect defect = target.read(head, targetStart, targetEnd, method);
            if (defect != null) {
                return defect;
            }
        } else {
            target.start = targetStart;
            target.end = targetEnd;
        }
        return fields.parse(head, at + 1 + VERSION_LENGTH + 2, to);
    }

    private @Nullable Defect version(byte[] head, int from, int to) {
        if (to - from < VERSION_LENGTH + 2) {
            return Defect.REQUEST_LINE;
        }
        int minor = from + HTTP_1.length;
        for (int i = 0; i < HTTP_1.length; i++) {
            if (head[from + i] != HTTP_1[i]) {
                return Defect.VERSION;
            }
        }
        if (head[minor] != '0' && head[minor] != '1') {
            return Defect.VERSION;
        }
        http10 = head[minor] == '0';
        if (head[minor + 1] != '\r') {
            return Defect.REQUEST_LINE;
        }
        return head[minor + 2] == '\n' ? null : Defect.BARE_CR;
    }

    private @Nullable Defect readHost(byte[] head) {
        int index = fields.indexOf(KnownField.HOST);
        if (index < 0) {
            return http10 ? null : Defect.HOST_MISSING;
        }
        if (fields.hasTwice(KnownField.HOST)) {
            return Defect.HOST_TWICE;
        }
        int from = fields.valueStart(index);
        int to = fields.valueEnd(index);
        if (from == to) {
            return Defect.HOST_INVALID;
        }
        for (int i = from; i < to; i++) {
            if (!Octets.isHost(head[i])) {
                return Defect.HOST_INVALID;
            }
        }
        host = fields.value(index);
        boolean absolute = !isConnect() && target.authorityEnd > target.authorityStart;
        return absolute && !Octets.sameIgnoreCase(head, target.authorityStart, target.authorityEnd, from, to)
                ? Defect.HOST_MISMATCH
                : null;
    }

    private static String methodName(byte[] head, int from, int to) {
        for (String common : COMMON_METHODS) {
            if (common.length() == to - from && common.charAt(0) == head[from] && equalsAscii(head, from, common)) {
                return common;
            }
        }
        return Octets.text(head, from, to);
    }

    private static boolean equalsAscii(byte[] head, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (head[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Notes what is known of the request, be it valid or not. */
    void describe(RequestRecord record, boolean valid) {
        record.method = method;
        record.authority = host;
        if (target.end > target.start) {
            record.path = valid && !isConnect() ? pathAndQuery() : target();
        }
        record.userAgent = fields.first(KnownField.USER_AGENT);
        record.forwardedFor = fields.first(KnownField.FORWARDED_FOR);
        record.requestId = fields.first(KnownField.REQUEST_ID);
    }

    byte[] bytes() {
        return bytes;
    }

    boolean http10() {
        return http10;
    }

    boolean isConnect() {
        return method.equals("CONNECT");
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** The length of the body: octets, or {@link BodyLength#CHUNKED}. */
    long bodyLength() {
        long length = bodyLength.length();
        return length == BodyLength.UNSTATED ? 0 : length;
    }

    /** Whether the caller wants to use the connection again. */
    boolean keepAlive() {
        return http10 ? connection.keepAlive && !connection.close : !connection.close;
    }

    /** Whether the caller asks for another protocol, properly (RFC 9110, section 7.8). */
    boolean isUpgrade() {
        return !http10 && connection.upgrade && fields.has(KnownField.UPGRADE);
    }

    /** The protocol that {@link #isUpgrade()} asks for. */
    String upgradeProtocol() {
        String protocol = fields.first(KnownField.UPGRADE);
        return protocol == null ? "" : protocol;
    }

    /** Whether the caller waits for 100 before it sends the body. */
    boolean expectsContinue() {
        return !http10 && fields.has(KnownField.EXPECT);
    }

    /** Whether Expect asks for anything else than the one thing that is defined. */
    boolean expectsUnknown() {
        if (!fields.has(KnownField.EXPECT)) {
            return false;
        }
        return fields.hasTwice(KnownField.EXPECT) || !fields.valueIs(fields.indexOf(KnownField.EXPECT), CONTINUE);
    }

    @Override
    public String target() {
        return Octets.text(bytes, target.start, target.end);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return target.path(bytes);
    }

    /** The path as policies see it, and the query. */
    String pathAndQuery() {
        return target.unchanged() ? target() : path() + Octets.text(bytes, target.pathEnd, target.end);
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public List<String> header(String name) {
        return fields.values(name);
    }
}
