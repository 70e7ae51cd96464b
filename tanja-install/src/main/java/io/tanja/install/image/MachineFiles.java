package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The image's base, from the machine's own packages: the loader and the libraries that Java, nft and ip are linked with, these
 * two, and the few files of {@code /etc} that a C library reads. No shell, no package manager.
 */
final class MachineFiles {
    /** Where they are looked for. */
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

    private final LinkedLibraries libraries;

    MachineFiles(LinkedLibraries libraries) {
        this.libraries = libraries;
    }

    /**
     * The programs that the redirect runs.
     *
     * @throws InstallException if the machine lacks one
     */
    static List<Path> programs() throws InstallException {
        return List.of(program("nft", "nftables"), program("ip", "iproute2"));
    }

    private static Path program(String name, String origin) throws InstallException {
        for (String folder : FOLDERS) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        throw new InstallException(
                name, "is not on this machine, and the image's redirect runs it", "apt-get install " + origin);
    }

    /** The files below a folder that are linked with others: programs and shared libraries. */
    static List<Path> linked(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                if (Files.isRegularFile(file) && isElf(file)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** Adds everything to the layer; {@code linked} are files of other layers whose libraries must be there. */
    void add(StagedLayer base, List<Path> programs, List<Path> linked)
            throws IOException, InterruptedException, InstallException {
        List<Path> all = new ArrayList<>(linked);
        all.addAll(programs);
        for (Path library : libraries.of(all)) {
            base.copy(library, library.toString(), true);
        }
        for (Path program : programs) {
            base.copy(program, "/usr/sbin/" + program.getFileName(), true);
        }
        base.text("/etc/passwd", "root:x:0:0:root:/:/sbin/nologin\ntanja:x:1337:1337:tanja:/:/sbin/nologin\n");
        base.text("/etc/group", "root:x:0:\ntanja:x:1337:\n");
        base.text("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        // nft prints the number of a protocol that it has no name for, and then the redirect is not found again.
        base.text("/etc/protocols", "icmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nipv6-icmp 58 IPv6-ICMP\n");
        base.openFolder("/tmp");
    }

    private static boolean isElf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 0x7f && magic[1] == 'E' && magic[2] == 'L' && magic[3] == 'F';
        }
    }
}
