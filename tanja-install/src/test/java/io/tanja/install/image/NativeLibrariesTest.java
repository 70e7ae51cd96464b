package io.tanja.install.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    private static final String OWN = "META-INF/native/libn_linux_"
            + (System.getProperty("os.arch", "").equals("aarch64") ? "aarch_64" : "x86_64") + ".so";

    @TempDir
    private Path folder;

    @Test
    void areTakenOutOfAJarThatHasNothingElse() throws Exception {
        Path into = Files.createDirectory(folder.resolve("into"));
        Path jar = jar("META-INF/MANIFEST.MF", "META-INF/versions/11/module-info.class", OWN);
        assertThat(NativeLibraries.unpack(jar, into)).isTrue();
        assertThat(into.resolve(Path.of(OWN).getFileName())).hasContent(OWN);
    }

    @Test
    void ofOtherMachinesAreLeftOutWithTheirJar() throws Exception {
        Path into = Files.createDirectory(folder.resolve("into"));
        assertThat(NativeLibraries.unpack(jar("META-INF/native/n_windows_x86_64.dll"), into))
                .isTrue();
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void leaveAnOrdinaryJarAlone() throws Exception {
        assertThat(NativeLibraries.unpack(jar("a/B.class", "META-INF/MANIFEST.MF"), folder))
                .isFalse();
    }

    @Test
    void areNotTornFromTheirClasses() throws Exception {
        Path jar = jar("a/B.class", OWN);
        assertThatThrownBy(() -> NativeLibraries.unpack(jar, folder)).isInstanceOf(InstallException.class);
    }

    private Path jar(String... entries) throws IOException {
        Path jar = folder.resolve("a.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
                out.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}
