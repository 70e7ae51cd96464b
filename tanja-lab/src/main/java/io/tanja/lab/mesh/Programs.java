package io.tanja.lab.mesh;

import io.tanja.lab.net.Tool;
import io.tanja.lab.sandbox.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JDK and the project's classes readable for the lab's other users. On a machine where root builds, they often
 * lie where only root can go.
 */
public final class Programs {
    private static final Path IN_POD = Path.of("/mnt");

    private Programs() {}

    /**
     * The program as any user of the lab can start it.
     *
     * @param folder where copies go; any user must be able to reach it
     * @throws IOException if a copy cannot be made
     */
    public static JavaProgram readable(JavaProgram program, Path folder) throws IOException {
        List<Path> present = program.classPath().stream().filter(Files::exists).toList();
        boolean open = true;
        for (Path entry : present) {
            open &= isOpen(entry);
        }
        List<Path> classPath = open ? present : copies(present, folder.resolve("classes"));
        Path home = program.javaHome();
        if (!isOpen(home)) {
            home = folder.resolve("jdk");
            Files.createDirectory(home);
            // Too big to copy. The mount is the sandbox's own and ends with it.
            Tool.run(List.of("mount", "--bind", program.javaHome().toString(), home.toString()), "");
        }
        return new JavaProgram(home, classPath);
    }

    /** The layout stays, and the times: an AOT cache knows the jars by both. */
    private static List<Path> copies(List<Path> classPath, Path folder) throws IOException {
        Path common = classPath.getFirst().getParent();
        for (Path entry : classPath) {
            while (common != null && !entry.startsWith(common)) {
                common = common.getParent();
            }
        }
        List<Path> copies = new ArrayList<>();
        for (Path entry : classPath) {
            Path copy = folder.resolve((common == null ? entry : common.relativize(entry)).toString());
            Files.createDirectories(copy.getParent());
            copy(entry, copy);
            copies.add(copy);
        }
        return copies;
    }

    /**
     * The program as the applications of pods can start it, if they see {@code folder} as {@code /mnt}: the classes of
     * this module only, which need nothing but the JDK there.
     *
     * @throws IOException if a copy cannot be made
     */
    public static JavaProgram forPods(JavaProgram program, Path folder) throws IOException {
        Path own = Path.of(Programs.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Path copy = folder.resolve("apps" + (Files.isDirectory(own) ? "" : ".jar"));
        copy(own, copy);
        Path home = program.javaHome();
        if (home.startsWith(folder)) {
            home = IN_POD.resolve(folder.relativize(home).toString());
        } else if (home.startsWith("/tmp") || home.startsWith("/run")) {
            // A pod has its own of these two.
            Path visible = folder.resolve("pod-jdk");
            Files.createDirectory(visible);
            Tool.run(List.of("mount", "--bind", home.toString(), visible.toString()), "");
            home = IN_POD.resolve("pod-jdk");
        }
        return new JavaProgram(home, List.of(IN_POD.resolve(copy.getFileName().toString())));
    }

    /** A copy of one file that every user of the lab can read. */
    static Path copyOf(Path file, Path copy) throws IOException {
        copy(file, copy);
        return copy;
    }

    private static boolean isOpen(Path entry) throws IOException {
        if (!has(entry, PosixFilePermission.OTHERS_READ)) {
            return false;
        }
        @Nullable Path folder = Files.isDirectory(entry) ? entry : entry.getParent();
        for (; folder != null; folder = folder.getParent()) {
            if (!has(folder, PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(Path path, PosixFilePermission permission) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        return permissions.contains(permission);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
                    Files.setPosixFilePermissions(
                            target,
                            Set.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE,
                                    PosixFilePermission.GROUP_READ,
                                    PosixFilePermission.OTHERS_READ));
                }
            }
        }
    }
}
