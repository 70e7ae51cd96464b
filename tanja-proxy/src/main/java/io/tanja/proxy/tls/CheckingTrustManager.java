package io.tanja.proxy.tls;

import io.tanja.pki.trust.PeerVerdict;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Leaves the peer of one connection to its {@link PeerCheck}. Extended, so that nobody adds host-name checks to it. */
final class CheckingTrustManager extends X509ExtendedTrustManager {
    private final PeerCheck check;

    CheckingTrustManager(PeerCheck check) {
        this.check = check;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        byte[][] der = new byte[chain.length][];
        for (int i = 0; i < chain.length; i++) {
            der[i] = chain[i].getEncoded();
        }
        if (check.judge(der) instanceof PeerVerdict.Rejected(var reason, String detail)) {
            throw new CertificateException(reason.label() + ": " + detail);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
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
