package io.tanja.lab.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImagesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "nginx, nginx",
        "docker.io/library/nginx:1.26-alpine, nginx",
        "localhost:5000/team/nginx, nginx",
        "nginx@sha256:0123, nginx",
        "nginx:1@sha256:0123, nginx",
        "registry.company.network/localrepo/all-in-one-image:0.1, all-in-one-image",
    })
    void anImageIsKnownByItsLastSegment(String image, String name) {
        assertThat(Images.shortName(image)).isEqualTo(name);
    }

    @Test
    void commandAndArgsReplaceWhatKubernetesSaysTheyReplace() throws IOException {
        Images images = extended("tool:\n  entrypoint: [tool]\n  cmd: [--help]\n");

        assertThat(images.command("x/tool:1", List.of(), List.of())).contains(List.of("tool", "--help"));
        assertThat(images.command("x/tool:1", List.of(), List.of("run"))).contains(List.of("tool", "run"));
        assertThat(images.command("x/tool:1", List.of("sh"), List.of())).contains(List.of("sh"));
        assertThat(images.command("x/tool:1", List.of("sh"), List.of("-c"))).contains(List.of("sh", "-c"));
    }

    @Test
    void anUnknownImageNeedsACommand() throws IOException {
        Images images = Images.load(folder.resolve("absent.yaml"));

        assertThat(images.command("mystery:1", List.of(), List.of("run"))).isEmpty();
        assertThat(images.command("mystery:1", List.of("/bin/app"), List.of())).contains(List.of("/bin/app"));
        assertThat(images.command("nginx", List.of(), List.of())).contains(List.of("nginx", "-g", "daemon off;"));
    }

    @Test
    void theUsersFileWinsAndIsNamedWhenItIsWrong() throws IOException {
        assertThat(extended("nginx: {entrypoint: [mine]}").command("nginx", List.of(), List.of()))
                .contains(List.of("mine"));
        assertThatThrownBy(() -> extended("nginx: mine"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("images.yaml")
                .hasMessageContaining("nginx");
        assertThatThrownBy(() -> extended("- a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("images.yaml");
    }

    private Images extended(String text) throws IOException {
        Path file = folder.resolve("images.yaml");
        Files.writeString(file, text);
        return Images.load(file);
    }
}
