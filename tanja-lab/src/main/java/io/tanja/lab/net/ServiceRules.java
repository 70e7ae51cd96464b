package io.tanja.lab.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the node's nftables rules: what kube-proxy does on a cluster, and nothing forwarded but pod to pod.
 *
 * <p>Pods in the mesh never need it: their sidecar chooses the endpoint itself.
 */
public final class ServiceRules {
    private static final String TABLE = "inet tanja_lab";

    private ServiceRules() {}

    /** The complete rules as one transaction: loading it replaces the former rules at once or not at all. */
    public static String script(List<VirtualService> services) {
        StringBuilder out = new StringBuilder(512);
        out.append("add table ").append(TABLE).append('\n');
        chain(out, "services", "type nat hook prerouting priority dstnat; policy accept;");
        chain(out, "hairpin", "type nat hook postrouting priority srcnat; policy accept;");
        chain(out, "forward", "type filter hook forward priority filter; policy drop;");
        Set<String> self4 = new TreeSet<>();
        Set<String> self6 = new TreeSet<>();
        for (VirtualService service : services) {
            if (!service.endpoints().isEmpty()) {
                balance(out, service);
            }
            for (InetSocketAddress endpoint : service.endpoints()) {
                String address = AddressText.of(endpoint.getAddress());
                (isV6(endpoint.getAddress()) ? self6 : self4).add(address + " . " + address);
            }
        }
        // A pod that reaches itself through its service must not see its own address as the peer's: it would drop it.
        hairpin(out, "ip", self4);
        hairpin(out, "ip6", self6);
        rule(out, "forward", "ct state established,related accept");
        String refuse = " reject with icmpx type port-unreachable";
        rule(out, "forward", "ip daddr " + AddressPlan.SERVICE_RANGE + refuse);
        rule(out, "forward", "ip6 daddr " + AddressPlan.SERVICE_RANGE6 + refuse);
        rule(out, "forward", "iifname \"" + NodeNetwork.BRIDGE + "\" oifname \"" + NodeNetwork.BRIDGE + "\" accept");
        return out.toString();
    }

    private static void balance(StringBuilder out, VirtualService service) {
        String family = isV6(service.address()) ? "ip6" : "ip";
        StringBuilder rule = new StringBuilder(family)
                .append(" daddr ")
                .append(AddressText.of(service.address()))
                .append(service.udp() ? " udp" : " tcp")
                .append(" dport ")
                .append(service.port())
                .append(" dnat ")
                .append(family)
                .append(" to numgen random mod ")
                .append(service.endpoints().size())
                .append(" map { ");
        for (int i = 0; i < service.endpoints().size(); i++) {
            InetSocketAddress endpoint = service.endpoints().get(i);
            rule.append(i == 0 ? "" : ", ").append(i).append(" : ");
            rule.append(AddressText.of(endpoint.getAddress())).append(" . ").append(endpoint.getPort());
        }
        rule(out, "services", rule.append(" }").toString());
    }

    private static void hairpin(StringBuilder out, String family, Set<String> pairs) {
        if (!pairs.isEmpty()) {
            rule(
                    out,
                    "hairpin",
                    family + " saddr . " + family + " daddr { " + String.join(", ", pairs) + " } masquerade");
        }
    }

    private static void chain(StringBuilder out, String name, String hook) {
        out.append("add chain ").append(TABLE).append(' ').append(name);
        out.append(" { ").append(hook).append(" }\n");
        out.append("flush chain ").append(TABLE).append(' ').append(name).append('\n');
    }

    private static void rule(StringBuilder out, String chain, String rule) {
        out.append("add rule ").append(TABLE).append(' ').append(chain).append(' ');
        out.append(rule).append('\n');
    }

    private static boolean isV6(InetAddress address) {
        return address instanceof Inet6Address;
    }
}
