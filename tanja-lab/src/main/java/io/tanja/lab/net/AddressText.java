package io.tanja.lab.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;

/** Addresses as people and Kubernetes write them. */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The address's text; IPv6 in the form of RFC 5952: lower case, the longest run of zeros left out. */
    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[GROUPS];
        int bestStart = -1;
        int bestLength = 1;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
            length = groups[i] == 0 ? length + 1 : 0;
            if (length > bestLength) {
                bestLength = length;
                bestStart = i - length + 1;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":")
                        .append(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
            }
        }
        return text.toString();
    }
}
