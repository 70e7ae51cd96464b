package io.tanja.lab.proof;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one direction of a stream as TLS records (RFC 8446, section 5.1) and counts their bytes by kind. Strict: the
 * first byte that cannot belong to a record ends it, and all bytes from there on count as not TLS. One user thread.
 */
final class TlsScanner {
    private static final int HEADER = 5;
    private static final int MAX_RECORD = 16384 + 256;
    private static final int MAX_HELLO = 1 << 17;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;

    private final byte[] header = new byte[HEADER];
    private int headerLength;
    private int remaining;
    private int type;
    private boolean broken;
    private boolean encryptedHandshake;
    private @Nullable ByteArrayOutputStream hello = new ByteArrayOutputStream();
    private @Nullable ByteArrayOutputStream firstAlert;

    private long clearBytes;
    private long encryptedBytes;
    private long notTlsBytes;
    private int applicationRecords;
    private @Nullable ClientHello clientHello;
    private @Nullable ServerHello serverHello;

    void accept(ByteBuffer input) {
        ByteBuffer bytes = input.duplicate();
        while (bytes.hasRemaining() && !broken) {
            if (remaining == 0) {
                readHeader(bytes);
            } else {
                readBody(bytes);
            }
        }
        notTlsBytes += bytes.remaining();
    }

    /** Whether every byte so far belongs to a TLS record, and there was at least one whole record header. */
    boolean isTls() {
        return !broken && (clearBytes > 0 || encryptedBytes > 0);
    }

    /** Bytes of handshake messages, alerts and record headers that anyone can read. */
    long clearBytes() {
        return clearBytes;
    }

    /** Bytes of encrypted records, with their headers. */
    long encryptedBytes() {
        return encryptedBytes;
    }

    /** Bytes that are not TLS. */
    long notTlsBytes() {
        return notTlsBytes;
    }

    /** Records of type application data. */
    int applicationRecords() {
        return applicationRecords;
    }

    @Nullable
    ClientHello clientHello() {
        return clientHello;
    }

    @Nullable
    ServerHello serverHello() {
        return serverHello;
    }

    /** The description of the first alert sent in clear, or -1. */
    int clearAlert() {
        byte[] alert = firstAlert == null ? new byte[0] : firstAlert.toByteArray();
        return alert.length == 2 ? alert[1] & 0xff : -1;
    }

    private void readHeader(ByteBuffer bytes) {
        header[headerLength++] = bytes.get();
        if (headerLength < HEADER) {
            return;
        }
        headerLength = 0;
        type = header[0] & 0xff;
        int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
        boolean valid = type >= CHANGE_CIPHER_SPEC
                && type <= APPLICATION_DATA
                && header[1] == 3
                && header[2] >= 1
                && header[2] <= 4
                && length > 0
                && length <= MAX_RECORD
                // A stream of TLS begins with a handshake message; only an alert may stand in for it.
                && (hello == null || clientHello != null || serverHello != null || type == HANDSHAKE || type == ALERT);
        if (!valid) {
            broken = true;
            notTlsBytes += HEADER;
            return;
        }
        remaining = length;
        if (type == APPLICATION_DATA) {
            applicationRecords++;
        }
        if (type == ALERT && firstAlert == null && !encryptedHandshake && length == 2) {
            firstAlert = new ByteArrayOutputStream(2);
        }
        count(HEADER);
    }

    private void readBody(ByteBuffer bytes) {
        int n = Math.min(remaining, bytes.remaining());
        ByteBuffer part = bytes.slice(bytes.position(), n);
        bytes.position(bytes.position() + n);
        remaining -= n;
        count(n);
        if (type == HANDSHAKE && hello != null) {
            collectHello(hello, part);
        } else if (type == ALERT && firstAlert != null && firstAlert.size() < 2) {
            append(firstAlert, part);
        }
        if (type == CHANGE_CIPHER_SPEC && remaining == 0) {
            // In TLS 1.2 all that follows it is encrypted, whatever its record type says.
            encryptedHandshake = true;
        }
    }

    private void count(int n) {
        if (type == APPLICATION_DATA || encryptedHandshake && type != CHANGE_CIPHER_SPEC) {
            encryptedBytes += n;
        } else {
            clearBytes += n;
        }
    }

    private void collectHello(ByteArrayOutputStream collected, ByteBuffer part) {
        append(collected, part);
        ByteBuffer message = ByteBuffer.wrap(collected.toByteArray());
        if (message.remaining() < 4) {
            return;
        }
        int messageType = message.get(0);
        int length = message.getInt(0) & 0xff_ffff;
        if (length > MAX_HELLO || messageType != CLIENT_HELLO && messageType != SERVER_HELLO) {
            hello = null;
            return;
        }
        if (message.remaining() < 4 + length) {
            return;
        }
        ByteBuffer body = message.slice(4, length);
        if (messageType == CLIENT_HELLO) {
            clientHello = ClientHello.parse(body);
            hello = null;
        } else {
            serverHello = ServerHello.parse(body);
            boolean again = serverHello != null && serverHello.retry();
            hello = again ? new ByteArrayOutputStream() : null;
        }
    }

    private static void append(ByteArrayOutputStream out, ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.duplicate().get(bytes);
        out.writeBytes(bytes);
    }
}
