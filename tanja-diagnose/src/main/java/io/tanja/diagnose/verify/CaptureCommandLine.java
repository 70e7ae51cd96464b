package io.tanja.diagnose.verify;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What tcpdump is told. Pure. */
final class CaptureCommandLine {
    private CaptureCommandLine() {}

    /** TCP between two groups of addresses, on all interfaces of the node, for so long, to the standard output. */
    static List<String> of(int seconds, Collection<InetAddress> left, Collection<InetAddress> right) {
        List<String> words = new ArrayList<>(List.of("timeout", "-s", "INT", Integer.toString(seconds)));
        // Without names, without promiscuous mode, every packet at once and as a whole.
        words.addAll(List.of("tcpdump", "-i", "any", "-n", "-p", "-U", "--immediate-mode", "-s", "262144"));
        // Not every image has the user that tcpdump would else become.
        words.addAll(List.of("-Z", "root", "-B", "16384", "-w", "-"));
        words.addAll(List.of("tcp", "and", hosts(left), "and", hosts(right)));
        return words;
    }

    private static String hosts(Collection<InetAddress> addresses) {
        return "(host "
                + String.join(
                        " or host ",
                        addresses.stream().map(InetAddress::getHostAddress).toList())
                + ")";
    }
}
