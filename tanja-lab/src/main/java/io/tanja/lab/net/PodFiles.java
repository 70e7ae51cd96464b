package io.tanja.lab.net;

import java.net.InetAddress;
import java.util.List;

/**
 * What a pod finds under {@code /etc}.
 *
 * @param hostname its host name
 * @param resolvConf content of {@code resolv.conf}
 * @param hosts content of {@code hosts}
 * @param nginxConf content of {@code nginx/nginx.conf}, for pods that run the machine's nginx
 * @param programs a folder of the machine that the pod sees as {@code /mnt}, or empty
 */
public record PodFiles(String hostname, String resolvConf, String hosts, String nginxConf, String programs) {
    private static final int MAX_HOSTNAME = 63;

    /** The files that a cluster would give to a pod. */
    public static PodFiles of(
            String name,
            String namespace,
            List<InetAddress> addresses,
            InetAddress nameServer,
            String nginxConf,
            String programs) {
        StringBuilder hosts = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (InetAddress address : addresses) {
            hosts.append(AddressText.of(address)).append('\t').append(name).append('\n');
        }
        String resolv = "search " + namespace + ".svc.cluster.local svc.cluster.local cluster.local\nnameserver "
                + AddressText.of(nameServer) + "\noptions ndots:5\n";
        String hostname = name.substring(0, Math.min(name.length(), MAX_HOSTNAME));
        return new PodFiles(hostname, resolv, hosts.toString(), nginxConf, programs);
    }
}
