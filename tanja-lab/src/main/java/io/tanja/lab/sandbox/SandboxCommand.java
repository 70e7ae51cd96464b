package io.tanja.lab.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The command line that makes a sandbox: own network, mounts and process ids, and for an ordinary user own users.
 *
 * <p>Its first process is a shell that does nothing but wait for the daemon. When the shell, the daemon or the command
 * around them ends, in whatever way, the kernel kills every process inside, and with the last process go the namespaces,
 * the interfaces and the tables. Nothing has to be cleaned up, so nothing can be forgotten.
 */
public final class SandboxCommand {
    /*
     * The JDK decides when it starts whether there is IPv6, by looking for an address: hence the loopback first.
     * What is secret has its own mode; a caller's strict umask would only keep the lab's other users out.
     * A background process of a shell has /dev/null as input and ignores SIGINT: hence the copy of the input, and the
     * trap. The loop goes on waiting after a trapped signal.
     */
    private static final String FIRST_PROCESS = """
            umask 022
            ip link set lo up
            exec 3<&0
            "$@" <&3 3<&- &
            child=$!
            exec 3<&-
            trap 'kill -TERM $child' TERM INT HUP
            code=1
            while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
            exit $code
            """;

    private SandboxCommand() {}

    /**
     * The command.
     *
     * @param root whether it is root who starts it
     * @param detached whether it leaves the terminal's session, so that Ctrl-C there does not reach it
     * @param daemon the daemon's command
     */
    public static List<String> of(boolean root, boolean detached, List<String> daemon) {
        List<String> command = new ArrayList<>();
        if (detached) {
            command.add("setsid");
        }
        command.add("unshare");
        if (!root) {
            // The user keeps the own id, which tcpdump and file permissions need, and gets all capabilities inside.
            command.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
        }
        command.addAll(List.of(
                "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"));
        command.addAll(List.of("--", "sh", "-c", FIRST_PROCESS, "tanja-lab"));
        command.addAll(daemon);
        return command;
    }
}
