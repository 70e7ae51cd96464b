package io.tanja.lab.peer;

import io.tanja.lab.Lab;
import io.tanja.lab.mesh.MeshSidecar;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.InsideProcess;
import io.tanja.lab.sandbox.Preflight;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Processes in the network of a lab's pod, seen and started from outside. Needs root. */
public final class PodProcesses {
    private final long anchor;

    /** Finds a pod's network. */
    public PodProcesses(Lab lab, String namespace, String target) throws IOException {
        JsonNode pod = lab.locate(namespace, target);
        String pidNamespace = lab.status().path("pidNamespace").asString("");
        anchor = InsideProcess.find(pidNamespace, pod.path("anchor").asLong(0));
    }

    /**
     * The process of the pod whose command line is as wanted.
     *
     * @throws IOException if there is none
     */
    public long find(Predicate<String> commandLine) throws IOException {
        Path network = Files.readSymbolicLink(Path.of("/proc/" + anchor + "/ns/net"));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String command =
                            Files.readString(process.resolve("cmdline")).replace('\0', ' ');
                    if (commandLine.test(command)
                            && Files.readSymbolicLink(process.resolve("ns/net")).equals(network)) {
                        return Long.parseLong(process.getFileName().toString());
                    }
                } catch (IOException ended) {
                    // Processes come and go while one looks.
                }
            }
        }
        throw new IOException("no such process in the pod");
    }

    /** The pod's own sidecar. */
    public long sidecar() throws IOException {
        return find(command -> command.contains(MeshSidecar.MAIN) && !command.startsWith("setpriv"));
    }

    /**
     * Starts a program as the pod's sidecar would run: in its network, with the user id whose traffic is not captured.
     * It ends with the sandbox.
     *
     * @param log where its output goes
     */
    public Process startAsSidecar(List<String> command, Path log) throws IOException {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target=" + anchor, "--net", "--pid", "--"));
        words.addAll(new Privileges(true).sidecar());
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("PATH", Preflight.PATH);
        return builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }
}
