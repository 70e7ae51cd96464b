package io.tanja.lab.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Which addresses mean what inside a lab. Labs do not see each other, so every lab has the same plan.
 *
 * @param ipv6 whether the machine has IPv6; pods and services are then dual-stack
 */
public record AddressPlan(boolean ipv6) {
    /** The node's address on the pods' bridge: gateway, name server and control plane. */
    public static final InetAddress GATEWAY = InetAddress.ofLiteral("10.111.0.1");
    /** The same for IPv6. */
    public static final InetAddress GATEWAY6 = InetAddress.ofLiteral("fd74:616e:6a61:1::1");
    /** Where pods' addresses come from. */
    public static final String POD_RANGE = "10.111.0.0/16";
    /** The same for IPv6, a unique local prefix that spells "tanja". */
    public static final String POD_RANGE6 = "fd74:616e:6a61:1::/64";
    /** Where services' virtual addresses come from. */
    public static final String SERVICE_RANGE = "10.96.0.0/16";
    /** The same for IPv6. */
    public static final String SERVICE_RANGE6 = "fd74:616e:6a61:2::/64";
    /** The lowest index that {@link #pod} and {@link #service} accept: those below are the node's. */
    public static final int FIRST = 10;
    /** The highest index. */
    public static final int LAST = 65_000;

    /** The addresses of the pod with that index, IPv4 first. */
    public List<InetAddress> pod(int index) {
        return addresses("10.111.", "fd74:616e:6a61:1::", index);
    }

    /** The virtual addresses of the service with that index, IPv4 first. */
    public List<InetAddress> service(int index) {
        return addresses("10.96.", "fd74:616e:6a61:2::", index);
    }

    /** The node's addresses, IPv4 first. */
    public List<InetAddress> gateways() {
        return ipv6 ? List.of(GATEWAY, GATEWAY6) : List.of(GATEWAY);
    }

    private List<InetAddress> addresses(String prefix4, String prefix6, int index) {
        if (index < FIRST || index > LAST) {
            throw new IllegalArgumentException("index " + index + " is outside " + FIRST + " to " + LAST);
        }
        List<InetAddress> addresses = new ArrayList<>(2);
        addresses.add(InetAddress.ofLiteral(prefix4 + (index >> 8) + "." + (index & 0xff)));
        if (ipv6) {
            addresses.add(InetAddress.ofLiteral(prefix6 + Integer.toHexString(index)));
        }
        return addresses;
    }
}
