package io.tanja.proxy.redirect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The nftables rules of one pod, with the meaning of Istio's iptables chains in REDIRECT mode
 * ({@code tools/istio-iptables/pkg/capture/run.go}). One text is one transaction: the old table is gone and the new one
 * in force at the same moment, so that no packet passes between them.
 *
 * <p>Nothing here looks at whether the proxy lives. If it does not, connections are refused; none goes around it.
 */
public final class RedirectRules {
    /** The family and name of the table. */
    public static final String TABLE = "inet tanja";

    private final RedirectOptions options;

    private RedirectRules(RedirectOptions options) {
        this.options = options;
    }

    /** The text for {@code nft -f -} that puts the redirect in force, whether or not one was there. */
    public static String apply(RedirectOptions options) {
        RedirectRules rules = new RedirectRules(options);
        return remove() + "table " + TABLE + " {\n"
                + chain(
                        "prerouting",
                        "type nat hook prerouting priority dstnat; policy accept;",
                        List.of("jump inbound"))
                + chain("inbound", "", rules.inbound())
                + chain("output", "type nat hook output priority -100; policy accept;", List.of("jump outbound"))
                + chain("outbound", "", rules.outbound())
                + chain("proxy", "", rules.proxy())
                + "}\n";
    }

    /** The text that removes the redirect, whether or not one is there. */
    public static String remove() {
        // The empty declaration creates the table if it is missing, so that the deletion cannot fail.
        return "table " + TABLE + "\ndelete table " + TABLE + "\n";
    }

    /** The rules in the form in which {@code nft list} prints them; used to verify what is in force. */
    public static List<String> expected(RedirectOptions options) {
        RedirectRules rules = new RedirectRules(options);
        List<String> all = new ArrayList<>();
        all.addAll(rules.inbound());
        all.addAll(rules.outbound());
        all.addAll(rules.proxy());
        return all;
    }

    private List<String> inbound() {
        List<String> rules = new ArrayList<>();
        rules.add("tcp dport " + RedirectOptions.HBONE + " return");
        String redirect = "redirect to :" + options.inboundPort();
        if (options.inboundAll()) {
            SortedSet<Integer> excluded = new TreeSet<>(RedirectOptions.OWN_PORTS);
            excluded.addAll(options.excludeInboundPorts());
            rules.add("tcp dport " + set(excluded) + " return");
            rules.add("meta l4proto tcp " + redirect);
        } else if (!options.includeInboundPorts().isEmpty()) {
            rules.add("tcp dport " + set(options.includeInboundPorts()) + " " + redirect);
        }
        return rules;
    }

    private List<String> outbound() {
        List<String> rules = new ArrayList<>();
        if (!options.excludeOutboundPorts().isEmpty()) {
            rules.add("tcp dport " + set(options.excludeOutboundPorts()) + " return");
        }
        // The inbound proxy's connections to the application.
        rules.add("oifname \"lo\" ip saddr 127.0.0.6 return");
        rules.add("oifname \"lo\" ip6 saddr ::6 return");
        switch (options.owner()) {
            case ProxyOwner.User(int uid, int gid) -> {
                rules.add("meta skuid " + uid + " goto proxy");
                rules.add("meta skgid " + gid + " goto proxy");
            }
            case ProxyOwner.Mark(int mark) -> rules.add("meta mark " + "0x%08x".formatted(mark) + " goto proxy");
        }
        // The application talks to itself.
        rules.add("oifname \"lo\" return");
        rules.add("ip daddr 127.0.0.1 return");
        rules.add("ip6 daddr ::1 return");
        options.excludeOutboundRanges().forEach(range -> rules.add(daddr(range) + " return"));
        String redirect = "redirect to :" + options.outboundPort();
        if (options.outboundAll()) {
            rules.add("meta l4proto tcp " + redirect);
            return rules;
        }
        if (!options.includeOutboundPorts().isEmpty()) {
            rules.add("tcp dport " + set(options.includeOutboundPorts()) + " " + redirect);
        }
        options.includeOutboundRanges().forEach(range -> rules.add(daddr(range) + " meta l4proto tcp " + redirect));
        return rules;
    }

    /** A service's own pod, called through the service: the proxy's outbound side meets its own inbound side over lo. */
    private List<String> proxy() {
        String self = " tcp dport != " + RedirectOptions.HBONE + " redirect to :" + options.inboundPort();
        return List.of("oifname \"lo\" ip daddr != 127.0.0.1" + self, "oifname \"lo\" ip6 daddr != ::1" + self);
    }

    private static String daddr(Cidr range) {
        return (range.v4() ? "ip daddr " : "ip6 daddr ") + range;
    }

    private static String set(Collection<Integer> ports) {
        return ports.size() == 1
                ? String.valueOf(ports.iterator().next())
                : ports.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static String chain(String name, String hook, List<String> rules) {
        StringBuilder text = new StringBuilder("  chain " + name + " {\n");
        if (!hook.isEmpty()) {
            text.append("    ").append(hook).append('\n');
        }
        rules.forEach(rule -> text.append("    ").append(rule).append('\n'));
        return text.append("  }\n").toString();
    }
}
