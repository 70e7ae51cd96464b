package io.tanja.proxy.redirect;

import io.netty.util.NetUtil;
import io.tanja.model.identity.Quote;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses.
 *
 * @param address an address inside
 * @param prefix how many leading bits count
 */
public record Cidr(InetAddress address, int prefix) {
    /** @throws IllegalArgumentException if the prefix is longer than the address */
    public Cidr {
        int bits = 8 * address.getAddress().length;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "prefix /" + prefix + " of " + address.getHostAddress() + " must be 0 to " + bits);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, or an address alone.
     *
     * @throws IllegalArgumentException if it is neither; names are never looked up
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = 8 * address.getAddress().length;
            return new Cidr(address, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + Quote.printable(text) + "\" has no number behind the slash", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + Quote.printable(text) + "\" is not an address range: " + e.getMessage(), e);
        }
    }

    /** Whether it is a range of IPv4. */
    public boolean v4() {
        return address instanceof Inet4Address;
    }

    /** Whether an address is inside; one of the other family never is. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            int kept = (0xff00 >> Math.clamp(prefix - 8L * i, 0, 8)) & 0xff;
            if (((mine[i] ^ its[i]) & kept) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The address after the network's own; outside of it if it is a single address. */
    InetAddress second() {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) (0xff00 >> Math.clamp(prefix - 8L * i, 0, 8));
        }
        for (int i = bytes.length - 1; i >= 0 && ++bytes[i] == 0; i--) {
            // The carry goes on to the byte before.
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    /** The network as nftables prints it: host bits cleared, RFC 5952, no prefix for a single address. */
    @Override
    public String toString() {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            String network = NetUtil.toAddressString(InetAddress.getByAddress(bytes));
            return prefix == 8 * bytes.length ? network : network + "/" + prefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
