package io.tanja.proxy.redirect;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code tanja redirect}: what the init container runs. */
public final class RedirectMain {
    private static final String USAGE = """
            Usage: tanja redirect (apply | remove | verify | print) [options]
            Sends the TCP traffic of this network namespace through its sidecar (nftables, IPv4 and IPv6).
              --inbound-port PORT            where the proxy accepts inbound connections (15006)
              --outbound-port PORT           where the proxy accepts outbound connections (15001)
              --proxy-uid ID                 user and group of the proxy (1337)
              --proxy-mark MARK              tell the proxy by the mark of its sockets instead
              --include-inbound-ports LIST   ports to capture, or * (*)
              --exclude-inbound-ports LIST   ports to leave alone
              --include-outbound-ranges LIST address ranges to capture, or * (*)
              --exclude-outbound-ranges LIST address ranges to leave alone
              --include-outbound-ports LIST  ports to capture whatever their range
              --exclude-outbound-ports LIST  ports to leave alone
              --verify on|off                after apply: compare the rules in force, and try a connection (on)
            apply and verify end with 1 and the reason if rules are missing or a connection is not captured.
            Example: tanja redirect apply --exclude-outbound-ports 5432,6379
            """;

    private static final Duration TRIAL_PATIENCE = Duration.ofSeconds(1);

    private RedirectMain() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args), new ProcessTool(), new SocketTrial(TRIAL_PATIENCE), System.out, System.err));
    }

    /**
     * Runs the command.
     *
     * @param args an action, then options as {@code --name value} or {@code --name=value}
     * @param trial tries the rules; not run if rules are missing
     * @return the exit code: 0 on success, 1 if it failed, rules are missing or do not capture, 2 if the arguments are wrong
     */
    public static int run(List<String> args, Tool tool, CaptureTrial trial, PrintStream out, PrintStream err)
            throws InterruptedException {
        if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
            (args.isEmpty() ? err : out).print(USAGE);
            return args.isEmpty() ? 2 : 0;
        }
        RedirectOptions options;
        boolean verify;
        try {
            List<String> words = split(args.subList(1, args.size()));
            verify = verify(words);
            options = options(words);
        } catch (IllegalArgumentException e) {
            err.println("tanja redirect: " + e.getMessage() + "; see tanja redirect --help");
            return 2;
        }
        Redirect redirect = new Redirect(tool);
        try {
            switch (args.getFirst()) {
                case "apply" -> {
                    redirect.apply(options);
                    return verify ? check(redirect, options, trial, err) : 0;
                }
                case "remove" -> redirect.remove();
                case "print" -> out.print(RedirectRules.apply(options));
                case "verify" -> {
                    return check(redirect, options, trial, err);
                }
                default -> {
                    err.println("tanja redirect: unknown action \"" + args.getFirst()
                            + "\"; expected apply, remove, verify or print");
                    return 2;
                }
            }
            return 0;
        } catch (RedirectException e) {
            err.println("tanja redirect: " + e.getMessage());
            return 1;
        }
    }

    private static int check(Redirect redirect, RedirectOptions options, CaptureTrial trial, PrintStream err)
            throws RedirectException, InterruptedException {
        List<String> missing = redirect.verify(options);
        missing.forEach(rule -> err.println("missing: " + rule));
        if (!missing.isEmpty()) {
            return 1;
        }
        CaptureTrial.Result result = trial.run(options);
        result.notes().forEach(note -> err.println("not tried: " + note));
        result.failures()
                .forEach(
                        failure -> err.println(
                                "not captured: " + failure
                                        + "; look for other rules that stand before ours (nft list ruleset), and for a kernel without NAT"));
        return result.failures().isEmpty() ? 0 : 1;
    }

    /** Takes the option out of the words; on if it is not there. */
    private static boolean verify(List<String> words) {
        int at = words.indexOf("--verify");
        if (at < 0) {
            return true;
        }
        String value = at + 1 < words.size() ? words.get(at + 1) : "";
        if (!value.equals("on") && !value.equals("off")) {
            throw new IllegalArgumentException("--verify: expected on or off");
        }
        words.subList(at, at + 2).clear();
        return value.equals("on");
    }

    /**
     * Reads options.
     *
     * @throws IllegalArgumentException naming the option and what is wrong with it
     */
    static RedirectOptions options(List<String> args) {
        RedirectOptions d = RedirectOptions.DEFAULT;
        int inbound = d.inboundPort();
        int outbound = d.outboundPort();
        ProxyOwner owner = d.owner();
        String includeInbound = "*";
        SortedSet<Integer> excludeInbound = d.excludeInboundPorts();
        String includeRanges = "*";
        List<Cidr> excludeRanges = d.excludeOutboundRanges();
        SortedSet<Integer> includeOutbound = d.includeOutboundPorts();
        SortedSet<Integer> excludeOutbound = d.excludeOutboundPorts();
        List<String> words = split(args);
        for (int i = 0; i < words.size(); i += 2) {
            String name = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            String value = words.get(i + 1);
            switch (name) {
                case "--inbound-port" -> inbound = number(name, value);
                case "--outbound-port" -> outbound = number(name, value);
                case "--proxy-uid" -> owner = new ProxyOwner.User(number(name, value), number(name, value));
                case "--proxy-mark" -> owner = new ProxyOwner.Mark(number(name, value));
                case "--include-inbound-ports" -> includeInbound = value;
                case "--exclude-inbound-ports" -> excludeInbound = ports(name, value);
                case "--include-outbound-ranges" -> includeRanges = value;
                case "--exclude-outbound-ranges" -> excludeRanges = ranges(value);
                case "--include-outbound-ports" -> includeOutbound = ports(name, value);
                case "--exclude-outbound-ports" -> excludeOutbound = ports(name, value);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        boolean inboundAll = includeInbound.equals("*");
        boolean outboundAll = includeRanges.equals("*");
        return new RedirectOptions(
                inbound,
                outbound,
                owner,
                inboundAll,
                inboundAll ? new TreeSet<>() : ports("--include-inbound-ports", includeInbound),
                excludeInbound,
                outboundAll,
                outboundAll ? List.of() : ranges(includeRanges),
                includeOutbound,
                excludeRanges,
                excludeOutbound);
    }

    private static List<String> split(List<String> args) {
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            if (equals > 0) {
                words.add(arg.substring(0, equals));
                words.add(arg.substring(equals + 1));
            } else {
                words.add(arg);
            }
        }
        return words;
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" is not a number", e);
        }
    }

    private static SortedSet<Integer> ports(String name, String list) {
        return items(list).stream().map(item -> number(name, item)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Cidr> ranges(String list) {
        return items(list).stream().map(Cidr::parse).toList();
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
