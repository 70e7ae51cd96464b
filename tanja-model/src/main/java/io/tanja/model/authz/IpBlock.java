package io.tanja.model.authz;

import io.tanja.model.identity.Quote;
import java.net.InetAddress;

/**
 * A range of IP addresses in CIDR form, or a single address.
 *
 * @param network an address of the range; bits beyond the prefix do not count
 * @param prefix number of leading bits that must be equal, 0 to 32 or 128
 */
public record IpBlock(InetAddress network, int prefix) {
    /** @throws IllegalArgumentException if the prefix does not fit the address */
    public IpBlock {
        int bits = network.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix length " + prefix + " is not in 0 to " + bits);
        }
    }

    /**
     * Reads {@code address} or {@code address/prefix}.
     *
     * @throws IllegalArgumentException if it is neither; the message quotes it
     */
    public static IpBlock parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            InetAddress single = address(text);
            return new IpBlock(single, single.getAddress().length * 8);
        }
        String digits = text.substring(slash + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            throw new IllegalArgumentException("\"" + Quote.printable(text) + "\" has no prefix length after /");
        }
        String host = text.substring(0, slash);
        InetAddress network = address(host);
        int prefix = Integer.parseInt(digits);
        // ::ffff:a.b.c.d/n counts its bits in 128; Java makes the address IPv4, whose last 32 bits they are.
        boolean mapped = host.indexOf(':') >= 0 && network.getAddress().length == 4;
        if (mapped && prefix < 96) {
            throw new IllegalArgumentException(
                    "\"" + Quote.printable(text) + "\" reaches beyond the IPv4-mapped addresses; write the IPv4 form");
        }
        return new IpBlock(network, mapped ? prefix - 96 : prefix);
    }

    /**
     * Reads an IP address from its literal: never a name, never the short forms of {@code inet_aton}.
     *
     * @throws IllegalArgumentException if it is none; the message quotes it
     */
    public static InetAddress address(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        boolean form = v6
                ? text.indexOf('%') < 0 && text.indexOf('[') < 0
                : text.chars().filter(c -> c == '.').count() == 3;
        boolean characters = text.chars()
                .allMatch(c -> c >= '0' && c <= '9' || c == '.' || v6 && (c == ':' || Character.digit(c, 16) >= 0));
        if (form && characters && text.length() <= 45) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("\"" + Quote.printable(text) + "\" is not an IP address", e);
            }
        }
        throw new IllegalArgumentException("\"" + Quote.printable(text) + "\" is not an IP address");
    }

    /** Whether an address is in the range. IPv4 and IPv6 never match each other. */
    public boolean contains(InetAddress address) {
        byte[] a = address.getAddress();
        byte[] n = network.getAddress();
        if (a.length != n.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (a[i] != n[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((a[whole] ^ n[whole]) & 0xff) >> 8 - rest == 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
