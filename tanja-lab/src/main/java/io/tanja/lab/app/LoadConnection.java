package io.tanja.lab.app;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kept connection of the load client; opened when it is needed. One user thread. */
final class LoadConnection implements Closeable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String host;
    private final int port;
    private final byte[] request;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    LoadConnection(URI url) {
        host = url.getHost();
        port = url.getPort() < 0 ? 80 : url.getPort();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        request = ("GET " + path + " HTTP/1.1\r\nhost: " + url.getAuthority() + "\r\nuser-agent: tanja-load\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends one request and reads its whole answer; returns the status. */
    int request() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            socket = open;
            open.setTcpNoDelay(true);
            open.connect(new InetSocketAddress(InetAddress.getByName(host), port), TIMEOUT_MILLIS);
            open.setSoTimeout(TIMEOUT_MILLIS);
            in = new BufferedInputStream(open.getInputStream(), 1 << 14);
        }
        InputStream input = in;
        if (input == null) {
            throw new IOException("not connected");
        }
        open.getOutputStream().write(request);
        String status = line(input);
        if (!status.startsWith("HTTP/1.1 ") || status.length() < 12) {
            throw new IOException("not an answer: " + status);
        }
        long length = -1;
        boolean chunked = false;
        boolean close = false;
        for (String header = line(input); !header.isEmpty(); header = line(input)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).trim());
            }
            chunked |= lower.equals("transfer-encoding: chunked");
            close |= lower.equals("connection: close");
        }
        if (chunked) {
            for (int size = chunk(input); size > 0; size = chunk(input)) {
                input.skipNBytes(size);
                line(input);
            }
            line(input);
        } else if (length >= 0) {
            input.skipNBytes(length);
        } else {
            throw new IOException("an answer without length");
        }
        if (close) {
            hangUp();
        }
        return Integer.parseInt(status.substring(9, 12));
    }

    @Override
    public void close() {
        hangUp();
    }

    /** Closes the connection; the next request opens a new one. */
    void hangUp() {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyBroken) {
                // The connection is given up either way.
            }
        }
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).trim(), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed " + (line.isEmpty() ? "before an answer" : "in an answer"));
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
