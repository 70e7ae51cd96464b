package io.tanja.proxy.redirect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands where the proxy will stand, calls an address at which nobody is, and looks whether the call arrives: the caller's
 * own address and port are the mark by which it is known. So the rules, the kernel's NAT and its connection tracking are
 * proven to work in this network namespace, for IPv4 and IPv6, before the application starts. (Istio's is
 * {@code istio-validation}.) Must not run as the proxy's user, whose connections are left alone.
 *
 * <p>What comes from outside cannot be tried from inside: a packet to an own address passes the output hook first, and the
 * kernel translates a connection once. The inbound rules come in the same transaction, and are compared one by one.
 */
public final class SocketTrial implements CaptureTrial {
    private static final int BACKLOG = 16;

    private final Duration patience;

    /**
     * Makes a trial.
     *
     * @param patience how long a call may take that is not captured; one that is takes no time
     */
    public SocketTrial(Duration patience) {
        this.patience = patience;
    }

    @Override
    public Result run(RedirectOptions options) {
        List<String> failures = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        int port = options.outboundPort();
        // The wildcard address takes both families where both are there.
        try (ServerSocket proxy = new ServerSocket(port, BACKLOG)) {
            proxy.setSoTimeout(Math.toIntExact(patience.toMillis()));
            for (boolean v4 : List.of(true, false)) {
                TrialTarget.of(options, v4)
                        .ifPresentOrElse(
                                target -> call(proxy, target, failures, notes),
                                () -> notes.add((v4 ? "IPv4" : "IPv6") + ": the options capture none of it"));
            }
        } catch (IOException e) {
            notes.add("port " + port + " is taken, by the proxy perhaps (" + e.getMessage() + ")");
        }
        return new Result(failures, notes);
    }

    private void call(ServerSocket proxy, InetSocketAddress target, List<String> failures, List<String> notes) {
        String to = target.getAddress().getHostAddress() + " port " + target.getPort();
        try (Socket caller = new Socket()) {
            caller.connect(target, Math.toIntExact(patience.toMillis()));
            if (!arrives(proxy, caller)) {
                failures.add("a connection to " + to + " was accepted, but not by port " + proxy.getLocalPort());
            }
        } catch (SocketTimeoutException e) {
            failures.add("a connection to " + to + " did not arrive at port " + proxy.getLocalPort() + " within "
                    + patience.toMillis() + " ms");
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            if (hasNoWay(said)) {
                notes.add("nothing can leave to " + to + " (" + said + ")");
            } else {
                failures.add("a connection to " + to + " did not arrive at port " + proxy.getLocalPort() + ": " + said);
            }
        }
    }

    /** Others may call meanwhile; what was captured of them is of no interest. */
    private static boolean arrives(ServerSocket proxy, Socket caller) throws IOException {
        for (int others = 0; others < BACKLOG; others++) {
            try (Socket accepted = proxy.accept()) {
                if (accepted.getRemoteSocketAddress().equals(caller.getLocalSocketAddress())) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                return false;
            }
        }
        return false;
    }

    /** ENETUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL: the pod has not this family, so there is nothing to capture. */
    private static boolean hasNoWay(String said) {
        return said.contains("Network is unreachable")
                || said.contains("family")
                || said.contains("assign requested address");
    }
}
