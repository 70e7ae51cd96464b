package io.tanja.control;

import io.tanja.model.identity.Quote;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects everything that keeps the control plane from starting, so that an operator meets it all at once. */
final class StartChecks {
    private final List<ConfigProblem> problems = new ArrayList<>();

    void problem(String flag, String message, String remedy) {
        problems.add(new ConfigProblem(flag, message, remedy));
    }

    void readableFolder(String flag, Path folder) {
        if (!Files.isDirectory(folder)) {
            problem(flag, Quote.printable(folder.toString()) + " is not a folder", "make it, or name another");
        } else if (!Files.isReadable(folder)) {
            problem(flag, Quote.printable(folder.toString()) + " is not readable", "make it readable to this user");
        }
    }

    void writableFile(String flag, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            problem(
                    flag,
                    "the folder of " + Quote.printable(file.toString()) + " is missing or not writable",
                    "make it, or name another file");
        }
    }

    /** Tried and given back: the port is opened for good only when there is a state to serve. */
    void freePort(String flag, InetSocketAddress listen) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(listen);
        } catch (IOException e) {
            problem(
                    flag,
                    listen + " cannot be opened: " + e.getMessage(),
                    "stop what uses it, or name another address or port");
        }
    }

    /** Whether nothing was found so far. */
    boolean none() {
        return problems.isEmpty();
    }

    /** @throws ConfigException if anything was found */
    void done() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
