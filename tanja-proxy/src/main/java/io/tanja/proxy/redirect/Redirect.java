package io.tanja.proxy.redirect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts the redirect in force in the network namespace of this process, removes it, and tells whether it is there. */
public final class Redirect {
    private final Tool tool;

    /** Makes one that runs {@code nft} and {@code ip} by {@code tool}. */
    public Redirect(Tool tool) {
        this.tool = tool;
    }

    /**
     * Puts the redirect in force; a redirect that is there is replaced in one step.
     *
     * @throws RedirectException with the remedy, if it cannot be; what was in force then still is
     */
    public void apply(RedirectOptions options) throws RedirectException, InterruptedException {
        nft(List.of("nft", "-f", "-"), RedirectRules.apply(options));
        // IPv4 needs no such step: all of 127.0.0.0/8 is local.
        Tool.Result ip = run(List.of("ip", "-6", "addr", "replace", "::6/128", "dev", "lo"), "");
        if (ip.exit() != 0 && !ip.output().contains("disabled") && !ip.output().contains("not supported")) {
            throw new RedirectException(
                    "cannot put ::6 on the loopback interface, which the proxy calls its application"
                            + " from by IPv6: " + ip.output().strip());
        }
    }

    /**
     * Removes the redirect, if it is there.
     *
     * @throws RedirectException with the remedy, if it cannot be
     */
    public void remove() throws RedirectException, InterruptedException {
        nft(List.of("nft", "-f", "-"), RedirectRules.remove());
    }

    /**
     * Compares what is in force with what should be.
     *
     * @return the rules that are missing; empty if all is there
     * @throws RedirectException with the remedy, if it cannot be told
     */
    public List<String> verify(RedirectOptions options) throws RedirectException, InterruptedException {
        List<String> expected = RedirectRules.expected(options);
        Tool.Result listing = run(List.of("nft", "list", "ruleset", "inet"), "");
        if (listing.exit() != 0) {
            throw failure(listing);
        }
        String table = tableIn(listing.output());
        if (table.isEmpty()) {
            return expected;
        }
        List<String> present =
                Arrays.stream(table.split("\n")).map(String::strip).toList();
        List<String> missing = new ArrayList<>();
        for (String rule : expected) {
            if (!present.contains(rule)) {
                missing.add(rule);
            }
        }
        for (String hook :
                List.of("type nat hook prerouting", "type nat hook output", "jump inbound", "jump outbound")) {
            if (present.stream().noneMatch(line -> line.startsWith(hook))) {
                missing.add(hook);
            }
        }
        return missing;
    }

    private static String tableIn(String ruleset) {
        int start = ruleset.indexOf("table " + RedirectRules.TABLE + " {");
        if (start < 0) {
            return "";
        }
        int end = ruleset.indexOf("\n}", start);
        return end < 0 ? ruleset.substring(start) : ruleset.substring(start, end);
    }

    private void nft(List<String> command, String rules) throws RedirectException, InterruptedException {
        Tool.Result result = run(command, rules);
        if (result.exit() != 0) {
            throw failure(result);
        }
    }

    private static RedirectException failure(Tool.Result result) {
        String said = result.output().strip();
        if (said.contains("Operation not permitted") || said.contains("you must be root")) {
            return new RedirectException(
                    "nft may not change the firewall: the redirect needs CAP_NET_ADMIN in the pod's"
                            + " network namespace (run it as root, or in the init container)");
        }
        return new RedirectException("nft failed with exit code " + result.exit() + ": " + said);
    }

    private Tool.Result run(List<String> command, String input) throws RedirectException, InterruptedException {
        try {
            return tool.run(command, input);
        } catch (IOException e) {
            String name = command.getFirst();
            String origin = name.equals("ip") ? "iproute2" : "nftables";
            throw new RedirectException(
                    "cannot run " + name + ": install the package " + origin + " (" + e.getMessage() + ")", e);
        }
    }
}
