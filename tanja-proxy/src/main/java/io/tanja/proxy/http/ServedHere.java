package io.tanja.proxy.http;

import io.tanja.model.identity.Quote;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a well-formed request is one that this proxy serves at all, before any policy is asked. Pure. */
final class ServedHere {
    private ServedHere() {}

    /**
     * Why a request is not served; the connection is closed after the answer.
     *
     * @param status the answer
     * @param why for logs
     */
    record Refused(int status, String why) {}

    /** Whether the request asks for an upgrade that is to be passed on; that to HTTP/2 is ignored, as Envoy does. */
    static boolean upgrades(ParsedRequest request) {
        return request.isUpgrade() && !request.upgradeProtocol().equalsIgnoreCase("h2c");
    }

    /**
     * Judges a request.
     *
     * @param hostKnown whether a host can be added to a request without one
     * @return null if it is served
     */
    static @Nullable Refused judge(ParsedRequest request, Http1Settings settings, boolean hostKnown) {
        if (request.http10() && !settings.acceptHttp10()) {
            return new Refused(426, "HTTP/1.0 is not accepted here");
        }
        if (request.http10() && !request.fields.has(KnownField.HOST) && !hostKnown) {
            return new Refused(400, Defect.HOST_MISSING.meaning());
        }
        if (request.isConnect()) {
            // Envoy's answer where no route has CONNECT. What the caller may have sent for the tunnel is not looked at.
            return new Refused(403, "CONNECT is not served");
        }
        if (request.expectsUnknown()) {
            return new Refused(417, "Expect is not \"100-continue\"");
        }
        String protocol = request.upgradeProtocol();
        if (upgrades(request) && !settings.upgrades().contains(protocol.toLowerCase(Locale.ROOT))) {
            return new Refused(403, "an upgrade to \"" + Quote.printable(protocol) + "\" is not served");
        }
        return null;
    }
}
