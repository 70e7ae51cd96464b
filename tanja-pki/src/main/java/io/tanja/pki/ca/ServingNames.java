package io.tanja.pki.ca;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of a server of the control plane, as its certificate carries them.
 *
 * @param dns host names such as {@code istiod.istio-system.svc}
 * @param addresses IP addresses
 */
public record ServingNames(List<String> dns, List<InetAddress> addresses) {
    // Names come from our own configuration, never from a tenant.
    private static final Pattern HOST_NAME =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    /** @throws IllegalArgumentException if there is no name at all, or a host name is malformed */
    public ServingNames {
        dns = List.copyOf(dns);
        addresses = List.copyOf(addresses);
        if (dns.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException("a serving certificate needs a DNS name or an IP address");
        }
        for (String name : dns) {
            if (name.length() > 253 || !HOST_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("serving name \"" + name + "\" is not a lower-case host name");
            }
        }
    }
}
