package io.tanja.proxy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Leaves each peer to the {@link PeerCheck} of its connection. Extended, so that nobody adds host-name checks to it. */
final class CheckingTrustManager extends X509ExtendedTrustManager {
    private final Function<SSLEngine, @Nullable PeerCheck> checks;

    CheckingTrustManager(Function<SSLEngine, @Nullable PeerCheck> checks) {
        this.checks = checks;
    }

    private void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        PeerCheck check = checks.apply(engine);
        if (check == null) {
            throw new CertificateException("no check is set for this connection");
        }
        check.require(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notUsed();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notUsed();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notUsed();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notUsed();
    }

    private static CertificateException notUsed() {
        return new CertificateException("only engines are checked");
    }

    /** None: the caller is not told whose certificates we take, as it has only one. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
