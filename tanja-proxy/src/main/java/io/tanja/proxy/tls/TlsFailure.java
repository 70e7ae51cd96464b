package io.tanja.proxy.tls;

import io.tanja.model.identity.Quote;
import io.tanja.model.security.Refusal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in TLS, by its catalogued name.
 *
 * @param refusal the cause
 * @param detail for logs: the name of the alert, or the provider's words
 */
public record TlsFailure(Refusal refusal, String detail) {
    /** Alerts by which a peer says that it will not take us, by RFC 8446 section 6.2. */
    private static final Map<String, Refusal> ALERTS = Map.ofEntries(
            Map.entry("bad_certificate", Refusal.PEER_REFUSED_US),
            Map.entry("unsupported_certificate", Refusal.PEER_REFUSED_US),
            Map.entry("certificate_revoked", Refusal.PEER_REFUSED_US),
            Map.entry("certificate_expired", Refusal.PEER_REFUSED_US),
            Map.entry("certificate_unknown", Refusal.PEER_REFUSED_US),
            Map.entry("certificate_required", Refusal.PEER_REFUSED_US),
            Map.entry("unknown_ca", Refusal.PEER_REFUSED_US),
            Map.entry("access_denied", Refusal.PEER_REFUSED_US));

    /** BoringSSL: {@code SSLV3_ALERT_BAD_CERTIFICATE}, {@code TLSV1_ALERT_UNKNOWN_CA}. */
    private static final Pattern BORING_ALERT = Pattern.compile("(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)");

    /** JSSE: {@code Received fatal alert: bad_certificate} or {@code (bad_certificate) Received fatal alert: ...}. */
    private static final Pattern JDK_ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

    /** Names an exception from a channel with TLS; null if it has nothing to do with TLS. */
    public static @Nullable TlsFailure of(@Nullable Throwable thrown) {
        if (!(thrown instanceof SSLException)) {
            return null;
        }
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof HandshakeTimeoutException) {
            return new TlsFailure(Refusal.HANDSHAKE_TIMEOUT, message);
        }
        String alert = alert(message);
        if (alert != null) {
            Refusal refusal = ALERTS.getOrDefault(alert, Refusal.HANDSHAKE_FAILED);
            return new TlsFailure(refusal, "the peer sent the alert " + alert);
        }
        if (message.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                || message.contains("Empty client certificate chain")) {
            return new TlsFailure(Refusal.PEER_NO_CERTIFICATE, Refusal.PEER_NO_CERTIFICATE.meaning());
        }
        if (message.contains("WRONG_VERSION_NUMBER")
                || message.contains("HTTP_REQUEST")
                || message.contains("Unrecognized SSL message")
                || message.contains("Unsupported or unrecognized SSL message")) {
            return new TlsFailure(Refusal.PEER_NOT_TLS, Refusal.PEER_NOT_TLS.meaning());
        }
        return new TlsFailure(Refusal.HANDSHAKE_FAILED, Quote.printable(message));
    }

    private static @Nullable String alert(String message) {
        Matcher boring = BORING_ALERT.matcher(message);
        if (boring.find()) {
            return boring.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher jdk = JDK_ALERT.matcher(message);
        return jdk.find() ? jdk.group(1) : null;
    }
}
