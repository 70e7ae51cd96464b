package io.tanja.control.admit;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.serve.HttpLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The port that the API server calls. TLS without client certificates, as API servers have none by default: an answer tells
 * nothing that the caller has not sent.
 */
public final class AdmissionServer implements AutoCloseable {
    private static final int STOP_SECONDS = 1;
    /** Connections that wait to be accepted. */
    private static final int BACKLOG = 128;

    private final HttpsServer server;

    private AdmissionServer(HttpsServer server) {
        this.server = server;
    }

    /**
     * Opens the port.
     *
     * @param key asked at each handshake, so that a renewed certificate takes effect at once
     * @param reviewers who answers, by path
     * @param executor runs the answers; it may block
     * @throws IOException if the port cannot be opened
     */
    public static AdmissionServer start(
            InetSocketAddress listen,
            X509ExtendedKeyManager key,
            Map<String, AdmissionReviewer> reviewers,
            KubernetesSerialization serialization,
            Executor executor)
            throws IOException {
        HttpLimits.set();
        HttpsServer server = HttpsServer.create(listen, BACKLOG);
        server.setHttpsConfigurator(new Tls(context(key)));
        server.setExecutor(executor);
        server.createContext("/", new AdmissionExchanges(reviewers, serialization));
        server.start();
        return new AdmissionServer(server);
    }

    private static SSLContext context(X509ExtendedKeyManager key) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {key}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class Tls extends HttpsConfigurator {
        Tls(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters ours = getSSLContext().getDefaultSSLParameters();
            ours.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setSSLParameters(ours);
        }
    }

    /** The port that was opened. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Lets the calls that run end. */
    @Override
    public void close() {
        server.stop(STOP_SECONDS);
    }
}
