package io.tanja.lab.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pod's own network, mount and host name, held by one sleeping process as a cluster's pause container holds them.
 * Used by the thread of its pod.
 */
public final class PodNamespace implements AutoCloseable {
    /*
     * The pod's files come in through the environment, because the folder they would be in is hidden by the private
     * /tmp and /run, or by itself: an application of an ordinary user's lab could read the lab's keys there. resolv.conf is often a link into /run: it is then made anew there.
     */
    private static final String SETUP = """
            set -e
            hostname "$POD_NAME" 2>/dev/null || :
            echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
            for scope in all default; do
              echo 0 > /proc/sys/net/ipv4/conf/$scope/accept_redirects
              echo 0 > /proc/sys/net/ipv4/conf/$scope/rp_filter
              if [ -d /proc/sys/net/ipv6/conf/$scope ]; then
                echo 0 > /proc/sys/net/ipv6/conf/$scope/accept_redirects
                echo 0 > /proc/sys/net/ipv6/conf/$scope/accept_ra
              fi
            done
            if [ -n "$POD_PROGRAMS" ]; then mount --rbind "$POD_PROGRAMS" /mnt; fi
            resolv=$(readlink -f /etc/resolv.conf)
            mount -t tmpfs -o mode=1777 tmpfs /run
            mount -t tmpfs -o mode=1777 tmpfs /tmp
            mkdir -m 0755 /run/tanja
            umask 022
            printf '%s' "$POD_RESOLV" > /run/tanja/resolv.conf
            printf '%s' "$POD_HOSTS" > /run/tanja/hosts
            printf '%s' "$POD_NGINX" > /run/tanja/nginx.conf
            case "$resolv" in
              /run/*|/var/run/*|/tmp/*) mkdir -p "${resolv%/*}"; cp /run/tanja/resolv.conf "$resolv";;
              *) mount --bind /run/tanja/resolv.conf "$resolv";;
            esac
            mount --bind /run/tanja/hosts /etc/hosts
            if [ -e /etc/nginx/nginx.conf ]; then mount --bind /run/tanja/nginx.conf /etc/nginx/nginx.conf; fi
            if [ -d /var/log/nginx ]; then mount -t tmpfs -o mode=1777 tmpfs /var/log/nginx; fi
            if [ -d /var/lib/nginx ]; then mount -t tmpfs -o mode=1777 tmpfs /var/lib/nginx; fi
            state=${POD_PROGRAMS%/*}
            if [ -n "$state" ] && [ -d "$state" ]; then mount -t tmpfs -o mode=0755 tmpfs "$state"; fi
            unset POD_NAME POD_RESOLV POD_HOSTS POD_NGINX POD_PROGRAMS
            echo ready
            exec sleep infinity
            """;

    private final Process anchor;
    private final int index;
    private final List<InetAddress> addresses;

    private PodNamespace(Process anchor, int index, List<InetAddress> addresses) {
        this.anchor = anchor;
        this.index = index;
        this.addresses = addresses;
    }

    /**
     * Makes the namespaces, joins them to the node's bridge and gives them their addresses.
     *
     * @param index the pod's place in the plan
     * @param files what the pod sees under {@code /etc}
     * @throws IOException if a step fails; nothing is left behind
     */
    public static PodNamespace create(AddressPlan plan, int index, PodFiles files) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "unshare", "--net", "--mount", "--uts", "--propagation", "private", "--", "sh", "-c", SETUP);
        builder.redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "POD_NAME", files.hostname(),
                        "POD_RESOLV", files.resolvConf(),
                        "POD_HOSTS", files.hosts(),
                        "POD_NGINX", files.nginxConf(),
                        "POD_PROGRAMS", files.programs()));
        Process anchor = builder.start();
        anchor.getOutputStream().close();
        PodNamespace made = new PodNamespace(anchor, index, plan.pod(index));
        try {
            made.awaitSetup();
            made.connect();
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** Process id of the process that holds the namespaces, as seen inside the sandbox. */
    public long pid() {
        return anchor.pid();
    }

    /** The pod's addresses, IPv4 first. */
    public List<InetAddress> addresses() {
        return addresses;
    }

    /** Command words that run what follows in the pod's network only. */
    public List<String> enterNetwork() {
        return List.of("nsenter", "--net=/proc/" + pid() + "/ns/net", "--");
    }

    /** Command words that run what follows in all of the pod's namespaces. */
    public List<String> enter() {
        String ns = "/proc/" + pid() + "/ns/";
        return List.of("nsenter", "--net=" + ns + "net", "--mount=" + ns + "mnt", "--uts=" + ns + "uts", "--");
    }

    /** Ends the namespaces; the kernel takes the pod's interface and tables with them once its processes are gone. */
    @Override
    public void close() {
        anchor.destroyForcibly();
        try {
            anchor.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("MustBeClosed") // the stream stays open as long as the anchor lives
    private void awaitSetup() throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader output = anchor.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                return;
            }
            said.add(line);
        }
        throw new IOException("the pod's namespaces could not be set up: " + String.join("; ", said));
    }

    private void connect() throws IOException {
        String veth = "veth" + index;
        Tool.run(
                List.of("ip", "-batch", "-"),
                "link add " + veth + " type veth peer name eth0 netns " + pid() + "\n"
                        + "link set " + veth + " master " + NodeNetwork.BRIDGE + " up\n"
                        // Two pods never exchange a frame: what they say to each other passes the node.
                        + "link set " + veth + " type bridge_slave isolated on\n");
        StringBuilder inside = new StringBuilder("link set lo up\n");
        for (InetAddress address : addresses) {
            boolean v4 = address.getAddress().length == 4;
            inside.append("addr add ").append(AddressText.of(address));
            inside.append(v4 ? "/32 dev eth0\n" : "/128 dev eth0 nodad\n");
        }
        inside.append("link set eth0 up\n");
        for (InetAddress address : addresses) {
            InetAddress gateway = address.getAddress().length == 4 ? AddressPlan.GATEWAY : AddressPlan.GATEWAY6;
            inside.append("route add default via ").append(AddressText.of(gateway));
            inside.append(" dev eth0 onlink\n");
        }
        List<String> command = new ArrayList<>(enterNetwork());
        command.addAll(List.of("ip", "-batch", "-"));
        Tool.run(command, inside.toString());
    }
}
