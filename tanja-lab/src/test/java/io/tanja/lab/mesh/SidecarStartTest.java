package io.tanja.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.sandbox.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarStartTest {
    private static final Path HOME = Path.of(System.getProperty("java.home"));
    private static final FileTime BUILT = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir
    private Path folder;

    @Test
    void aProgramOfJarsHasItsCacheBesideTheFirst() {
        JavaProgram program = new JavaProgram(HOME, List.of(Path.of("/opt/cli.jar"), Path.of("/opt/lib/netty.jar")));

        assertThat(SidecarStart.cache(program)).contains(Path.of("/opt/proxy.aot"));
    }

    @Test
    void classesInFoldersHaveNone() {
        JavaProgram program = new JavaProgram(HOME, List.of(Path.of("/opt/cli.jar"), Path.of("/opt/classes")));

        assertThat(SidecarStart.cache(program)).isEmpty();
    }

    /** The JVM refuses a cache whose jars have other times, or lie otherwise to each other. */
    @Test
    void copiesForOtherUsersKeepTheTimesAndTheLayoutOfJars() throws IOException {
        Path closed = Files.createDirectory(
                folder.resolve("root"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path cli = jar(closed.resolve("target/cli.jar"));
        Path netty = jar(closed.resolve("target/lib/netty.jar"));
        Path open = folder.resolve("programs");

        JavaProgram readable = Programs.readable(new JavaProgram(HOME, List.of(cli, netty)), open);

        Path copies = open.resolve("classes");
        assertThat(readable.classPath())
                .containsExactly(copies.resolve("cli.jar"), copies.resolve("lib/netty.jar"))
                .allSatisfy(copy -> assertThat(Files.getLastModifiedTime(copy)).isEqualTo(BUILT));
    }

    private static Path jar(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, path.getFileName().toString());
        Files.setLastModifiedTime(path, BUILT);
        return path;
    }
}
