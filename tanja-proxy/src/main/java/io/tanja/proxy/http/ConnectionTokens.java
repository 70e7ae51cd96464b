package io.tanja.proxy.http;

import org.jspecify.annotations.Nullable;

/** What the Connection fields of one head say (RFC 9110, section 7.6.1). One writer: the event loop it is made for. */
final class ConnectionTokens {
    private static final byte[] CLOSE = Octets.of("close");
    private static final byte[] KEEP_ALIVE = Octets.of("keep-alive");
    private static final byte[] UPGRADE = Octets.of("upgrade");
    private static final long NEVER_NOMINATED = KnownField.bits(
            KnownField.HOST, KnownField.CONTENT_LENGTH, KnownField.TRANSFER_ENCODING, KnownField.EXPECT);

    boolean close;
    boolean keepAlive;
    boolean upgrade;

    /** Reads them, and marks the nominated fields. */
    @Nullable
    Defect read(byte[] head, HeadFields fields) {
        close = false;
        keepAlive = false;
        upgrade = false;
        if (!fields.has(KnownField.CONNECTION)) {
            return null;
        }
        for (int i = 0; i < fields.count(); i++) {
            if (fields.known(i) == KnownField.CONNECTION.code()) {
                Defect defect = readList(head, fields, fields.valueStart(i), fields.valueEnd(i));
                if (defect != null) {
                    return defect;
                }
            }
        }
        return null;
    }

    private @Nullable Defect readList(byte[] head, HeadFields fields, int from, int to) {
        int at = from;
        while (at < to) {
            while (at < to && (Octets.isBlank(head[at]) || head[at] == ',')) {
                at++;
            }
            int start = at;
            while (at < to && head[at] != ',') {
                at++;
            }
            int end = at;
            while (end > start && Octets.isBlank(head[end - 1])) {
                end--;
            }
            if (end > start && !option(head, fields, start, end)) {
                return Defect.NOMINATED;
            }
        }
        return null;
    }

    private boolean option(byte[] head, HeadFields fields, int from, int to) {
        if (Octets.equalsIgnoreCase(head, from, to, CLOSE)) {
            close = true;
        } else if (Octets.equalsIgnoreCase(head, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Octets.equalsIgnoreCase(head, from, to, UPGRADE)) {
            upgrade = true;
        } else {
            int known = fields.nominate(from, to);
            return known < 0 || (NEVER_NOMINATED & 1L << known) == 0;
        }
        return true;
    }
}
