package io.tanja.control.ca;

import io.tanja.control.ca.ServingCertificate.ServingKey;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each handshake the serving certificate of its moment: for a TLS context that lives as long as the server. A
 * handshake that began before a renewal still finds its key.
 */
@SuppressWarnings("NullAway") // The JDK's interface asks for null where there is nothing, and has no annotations.
public final class ServingKeyManager extends X509ExtendedKeyManager {
    private final ServingCertificate certificate;
    private volatile Known known;

    /** @param certificate what to serve with */
    public ServingKeyManager(ServingCertificate certificate) {
        this.certificate = certificate;
        ServingKey first = certificate.current();
        this.known = new Known(first, first);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        ServingKey key = find(alias);
        return key == null ? null : key.chain().handshakeChain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        ServingKey key = find(alias);
        return key == null ? null : key.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    private @Nullable String alias(String keyType) {
        if (!keyType.startsWith("EC")) {
            return null;
        }
        ServingKey key = certificate.current();
        if (!known.newest.equals(key)) {
            remember(key);
        }
        return name(key);
    }

    private synchronized void remember(ServingKey key) {
        if (!known.newest.equals(key) && !known.previous.equals(key)) {
            known = new Known(key, known.newest);
        }
    }

    private @Nullable ServingKey find(String alias) {
        Known now = known;
        if (name(now.newest).equals(alias)) {
            return now.newest;
        }
        return name(now.previous).equals(alias) ? now.previous : null;
    }

    private static String name(ServingKey key) {
        return key.chain().serial().toString(16);
    }

    private record Known(ServingKey newest, ServingKey previous) {}
}
