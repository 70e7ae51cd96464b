package io.tanja.lab.mesh;

import io.tanja.lab.net.Tool;
import io.tanja.lab.sandbox.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
    private Programs() {}

    /**
     * The program as any user of the lab can start it.
     *
     * @param folder where copies go; any user must be able to reach it
     * @throws IOException if a copy cannot be made
     */
    public static JavaProgram readable(JavaProgram program, Path folder) throws IOException {
        List<Path> classPath = new ArrayList<>();
        for (Path entry : program.classPath()) {
            if (!Files.exists(entry)) {
                continue;
            }
            if (isOpen(entry)) {
                classPath.add(entry);
            } else {
                Path copy = folder.resolve(classPath.size() + "-" + entry.getFileName());
                copy(entry, copy);
                classPath.add(copy);
            }
        }
        Path home = program.javaHome();
        if (!isOpen(home)) {
            home = folder.resolve("jdk");
            Files.createDirectory(home);
            // Too big to copy. The mount is the sandbox's own and ends with it.
            Tool.run(List.of("mount", "--bind", program.javaHome().toString(), home.toString()), "");
        }
        return new JavaProgram(home, classPath);
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
                    Files.copy(each, target);
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
