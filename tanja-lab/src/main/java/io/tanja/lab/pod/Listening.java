package io.tanja.lab.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from {@code /proc} which TCP ports are listened on in a namespace: no connection of ours in anyone's log. */
final class Listening {
    private static final String LISTEN_STATE = "0A";

    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private Listening() {}

    /**
     * The ports in the network namespace of a process.
     *
     * @throws IOException if the kernel's tables cannot be read
     */
    static Set<Integer> ports(long pid) throws IOException {
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            try {
                ports.addAll(parse(Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))));
            } catch (NoSuchFileException e) {
                LOG.trace("a kernel without IPv6 has no table {}", table);
            }
        }
        return ports;
    }

    /** The listening ports of a table in the format of {@code /proc/net/tcp}. */
    static Set<Integer> parse(List<String> lines) {
        Set<Integer> ports = new TreeSet<>();
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", 5);
            int colon = columns.length < 4 ? -1 : columns[1].lastIndexOf(':');
            if (colon > 0 && columns[3].equals(LISTEN_STATE)) {
                ports.add(Integer.parseInt(columns[1].substring(colon + 1), 16));
            }
        }
        return ports;
    }
}
