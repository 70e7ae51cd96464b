package io.tanja.proxy.authz;

import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.authz.ConnectionAttributes;
import io.tanja.model.authz.Decision;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import org.jspecify.annotations.Nullable;

/**
 * Whether an inbound connection may be or stay open.
 *
 * @param refusal why not, or null if it may
 * @param detail the policy and rule, or the mode and the object that set it
 */
public record ConnectionVerdict(@Nullable Refusal refusal, String detail) {
    private static final ConnectionVerdict ALLOWED = new ConnectionVerdict(null, "");

    /**
     * Judges a connection by the mode of its port and by the policies. Bytes are refused by what denies them; a connection
     * that carries requests only if no request on it could be allowed, since each is judged for itself.
     *
     * @param security how the caller's side is protected
     * @param requests whether it carries requests, or may turn out to
     */
    public static ConnectionVerdict of(
            ProxyConfig self,
            AuthorizationEngine engine,
            ConnectionAttributes connection,
            TransportSecurity security,
            boolean requests) {
        int port = connection.destinationPort();
        if (security instanceof TransportSecurity.Plaintext && self.modes().of(port) == TlsMode.STRICT) {
            return new ConnectionVerdict(
                    Refusal.PLAINTEXT_REFUSED_STRICT,
                    "the mode of port " + port + " is STRICT by " + self.modeSource(port));
        }
        if (engine.isEmpty()) {
            return ALLOWED;
        }
        Decision decision = requests ? engine.anyRequest(connection) : engine.connection(connection);
        return decision.allowed() ? ALLOWED : new ConnectionVerdict(Refusal.POLICY_DENIED, decision.reason());
    }

    /** Whether it may. */
    public boolean allowed() {
        return refusal == null;
    }
}
