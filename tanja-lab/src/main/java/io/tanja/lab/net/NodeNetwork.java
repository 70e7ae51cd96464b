package io.tanja.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The lab's node: the sandbox's own network namespace with the bridge that pods hang on.
 *
 * <p>Every packet between two pods is routed through it, never switched: a capture here sees what a capture on a
 * cluster's node sees, and no frame goes around the rules.
 */
public final class NodeNetwork {
    /** The bridge's name. */
    public static final String BRIDGE = "tanja0";

    /** The bridge's hardware address, the same as long as the lab lives: every pod remembers it as its gateway's. */
    public static final String BRIDGE_MAC = "02:74:61:6e:6a:61";

    private final AddressPlan plan;

    private NodeNetwork(AddressPlan plan) {
        this.plan = plan;
    }

    /**
     * Sets the node up. To be called once, inside the sandbox.
     *
     * @throws IOException if a tool refuses; the message has its own words
     */
    public static NodeNetwork create(AddressPlan plan) throws IOException {
        Path ipv4 = Path.of("/proc/sys/net/ipv4");
        Files.writeString(ipv4.resolve("ip_forward"), "1");
        // The way out is the way in for every packet here; telling pods about a shorter path would let them take it.
        for (String scope : List.of("all", "default")) {
            Files.writeString(ipv4.resolve("conf").resolve(scope).resolve("send_redirects"), "0");
            Files.writeString(ipv4.resolve("conf").resolve(scope).resolve("rp_filter"), "0");
        }
        if (plan.ipv6()) {
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
        }
        routeNotBridge();
        StringBuilder batch = new StringBuilder("link set lo up\n");
        // A bridge without an address of its own takes the lowest of its ports' and changes it when a pod comes or
        // goes;
        // pods that know the former one then talk to nobody until they ask again, which takes up to half a minute.
        batch.append("link add ").append(BRIDGE).append(" address ").append(BRIDGE_MAC);
        batch.append(" type bridge\n");
        batch.append("addr add ").append(AddressPlan.GATEWAY.getHostAddress());
        batch.append("/16 dev ").append(BRIDGE).append('\n');
        if (plan.ipv6()) {
            batch.append("addr add ").append(AddressPlan.GATEWAY6.getHostAddress());
            batch.append("/64 dev ").append(BRIDGE).append(" nodad\n");
        }
        batch.append("link set ").append(BRIDGE).append(" up\n");
        // Without a route, a service's address would be refused before the rules that answer for it.
        batch.append("route add ").append(AddressPlan.SERVICE_RANGE);
        batch.append(" dev ").append(BRIDGE).append('\n');
        if (plan.ipv6()) {
            batch.append("route add ").append(AddressPlan.SERVICE_RANGE6);
            batch.append(" dev ").append(BRIDGE).append('\n');
        }
        Tool.run(List.of("ip", "-batch", "-"), batch.toString());
        NodeNetwork node = new NodeNetwork(plan);
        node.balance(List.of());
        return node;
    }

    /**
     * Where the module br_netfilter is loaded (Docker does), a bridge translates addresses itself and then looks for the
     * endpoint among its ports, which pods must not reach that way.
     */
    private static void routeNotBridge() throws IOException {
        for (String family : List.of("iptables", "ip6tables")) {
            Path setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-" + family);
            if (Files.exists(setting)) {
                Files.writeString(setting, "0");
            }
        }
    }

    /** The addresses in use. */
    public AddressPlan plan() {
        return plan;
    }

    /**
     * Replaces the rules for virtual addresses.
     *
     * @throws IOException if nft refuses; the former rules stay in force
     */
    public void balance(List<VirtualService> services) throws IOException {
        Tool.run(List.of("nft", "-f", "-"), ServiceRules.script(services));
    }
}
