package io.tanja.lab.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Opens many connections, asks once on each, and keeps them open and silent. */
public final class IdleApp {
    private static final int TIMEOUT_MILLIS = 20_000;

    private static final int THREADS = 4;

    private IdleApp() {}

    /**
     * Arguments: address, port, connections; then, for mutual TLS as a mesh's sidecar speaks it, PEM texts of the chain,
     * the key and the roots. Prints {@code open N} and the reason if that is not all, waits for a line of input, looks
     * which connections the server has closed, asks once more on one of every hundred and on a new one, and prints {@code
     * closed N asked N answered N}.
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 3 && args.length != 6) {
            throw new IllegalArgumentException("usage: IdleApp ADDRESS PORT CONNECTIONS [CHAIN KEY ROOTS]");
        }
        InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        SSLSocketFactory tls = args.length == 6 ? tls(args[3], args[4], args[5]) : null;
        int wanted = Integer.parseInt(args[2]);
        List<Socket> open = new ArrayList<>(wanted);
        Set<String> failures = new TreeSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Socket>>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int part = wanted / THREADS + (i < wanted % THREADS ? 1 : 0);
                parts.add(threads.submit(() -> open(server, tls, part, failures)));
            }
            for (Future<List<Socket>> part : parts) {
                open.addAll(part.get());
            }
        }
        System.out.println("open " + open.size() + (failures.isEmpty() ? "" : " " + failures));
        if (System.in.read() < 0) {
            return;
        }
        int closed = 0;
        for (Socket socket : open) {
            closed += isClosed(socket) ? 1 : 0;
        }
        int asked = 0;
        int answered = 0;
        open.add(connect(server, tls));
        for (int i = open.size() - 1; i >= 0; i -= 100) {
            asked++;
            answered += ask(open.get(i)) ? 1 : 0;
        }
        System.out.println("closed " + closed + " asked " + asked + " answered " + answered);
        System.exit(closed == 0 && asked == answered ? 0 : 1);
    }

    /** As many as can be had; the first failure ends it. */
    private static List<Socket> open(
            InetSocketAddress server, @Nullable SSLSocketFactory tls, int wanted, Set<String> failures) {
        List<Socket> open = new ArrayList<>(wanted);
        try {
            while (open.size() < wanted) {
                Socket socket = connect(server, tls);
                open.add(socket);
                ask(socket);
            }
        } catch (IOException e) {
            synchronized (failures) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        return open;
    }

    private static Socket connect(InetSocketAddress server, @Nullable SSLSocketFactory tls) throws IOException {
        Socket socket = new Socket();
        // Else the request waits for the acknowledgement of the handshake's last message.
        socket.setTcpNoDelay(true);
        socket.connect(server, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        if (tls == null) {
            return socket;
        }
        SSLSocket secure = (SSLSocket) tls.createSocket(socket, "mesh", server.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"istio-http/1.1", "istio", "http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static boolean ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: idle\r\nuser-agent: tanja-idle\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        StringBuilder answer = new StringBuilder();
        int end;
        do {
            int n = in.read(buffer);
            if (n < 0) {
                throw new IOException("closed in an answer");
            }
            answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            end = answer.indexOf("\r\n\r\n");
        } while (end < 0 || answer.length() < end + 4 + length(answer));
        return answer.indexOf("HTTP/1.1 200") == 0;
    }

    private static int length(StringBuilder answer) throws IOException {
        return answer.substring(0, answer.indexOf("\r\n\r\n"))
                .lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("an answer without length"));
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException broken) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    private static SSLSocketFactory tls(String chain, String key, String roots)
            throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        byte[] der = Base64.getMimeDecoder().decode(key.replaceAll("-----[^-]*-----", ""));
        PrivateKey secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        own.setKeyEntry("own", secret, new char[0], certificates(chain).toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int i = 0;
        for (Certificate root : certificates(roots)) {
            trusted.setCertificateEntry("root-" + i++, root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
