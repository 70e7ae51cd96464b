package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The jars that a program of the image runs from, as the build has left them in its module's folder. */
final class ProgramJars {
    private ProgramJars() {}

    /**
     * Finds the jars: the module's own first, the others by name.
     *
     * @throws InstallException if the module is not built
     */
    static List<Path> of(Program program) throws InstallException {
        Path target = program.module().resolve("target");
        String own = program.module().getFileName() + "-";
        List<Path> jars = new ArrayList<>(jars(target).stream()
                .filter(jar -> name(jar).startsWith(own))
                .filter(jar -> !name(jar).endsWith("-tests.jar"))
                .toList());
        List<Path> others = jars(target.resolve("lib"));
        if (jars.size() != 1 || others.isEmpty()) {
            throw new InstallException(
                    target.toString(),
                    jars.size() > 1 ? "holds several versions of the module" : "is not a built module",
                    "run mvn -DskipTests clean package in the checkout");
        }
        jars.addAll(others);
        return jars;
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name(file).endsWith(".jar"))
                    .sorted(Comparator.comparing(ProgramJars::name))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
