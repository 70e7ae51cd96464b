package io.tanja.lab.pod;

import io.tanja.lab.net.PodNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts a container's command as a process in its pod's namespaces. */
final class ContainerProcess {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ContainerProcess() {}

    static Process start(PodHost host, PodPlan pod, PodNamespace namespace, ContainerPlan plan, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(namespace.enter());
        command.addAll(host.privileges().application());
        String folder = plan.workingDir().isEmpty() ? "/tmp" : plan.workingDir();
        // The namespace has its own /tmp, so that only a program inside it can go there.
        command.addAll(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder));
        command.addAll(words);
        Path log = host.log(pod.namespace(), pod.name(), plan.name());
        openLog(log, host.privileges().root() ? Privileges.APP_UID : -1);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> env = builder.environment();
        env.clear();
        env.put("PATH", PATH);
        env.put("HOME", "/tmp");
        env.put("HOSTNAME", pod.name());
        env.putAll(plan.env());
        return builder.start();
    }

    /**
     * Makes the log. It belongs to the process that writes it, because programs open {@code /dev/stdout} anew.
     *
     * @param uid its owner, negative for the current user
     */
    static void openLog(Path log, int uid) throws IOException {
        Files.deleteIfExists(log);
        Files.createFile(log);
        if (uid >= 0) {
            Files.setAttribute(log, "unix:uid", uid);
        }
    }
}
