package io.tanja.lab;

import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.Preflight;
import java.util.ArrayList;
import java.util.List;

/** Writes the command line that enters a pod from outside the sandbox. */
final class EnterCommand {
    private EnterCommand() {}

    /**
     * The command line.
     *
     * @param pid a process in the pod's namespaces, as the caller sees it
     * @param root whether it is a lab of root
     * @param pod the pod's name
     * @param command what to run as the pod's application
     */
    static List<String> of(long pid, boolean root, String pod, List<String> command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target=" + pid));
        if (!root) {
            words.addAll(List.of("--user", "--preserve-credentials"));
        }
        words.addAll(List.of("--mount", "--net", "--uts", "--pid", "--", "setpriv"));
        if (root) {
            words.add("--reuid=" + Privileges.APP_UID);
            words.add("--regid=" + Privileges.APP_UID);
            words.addAll(List.of("--clear-groups", "--bounding-set=-all", "--inh-caps=-all"));
        }
        // Who asked may be killed: what was asked for must not stay behind in the pod.
        words.addAll(List.of("--no-new-privs", "--pdeathsig=KILL", "--"));
        words.addAll(List.of("env", "-i", "PATH=" + Preflight.PATH, "HOME=/tmp", "HOSTNAME=" + pod));
        String terminal = System.getenv("TERM");
        words.add("TERM=" + (terminal == null ? "dumb" : terminal));
        words.addAll(List.of("sh", "-c", "cd /tmp && exec \"$@\"", "sh"));
        words.addAll(command);
        return words;
    }
}
