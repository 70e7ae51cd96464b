package io.tanja.control.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.model.api.ApiObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder with a real file system and its real events. */
class ManifestFolderTest {
    @TempDir
    Path temp;

    private final List<SourceSnapshot> snapshots = new CopyOnWriteArrayList<>();
    private Path root = Path.of("");
    private ManifestFolder folder =
            new ManifestFolder(root, System::nanoTime, Thread.ofVirtual().factory());

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(temp.resolve("mesh"));
        write("a.yaml", namespace("a"));
        folder = new ManifestFolder(root, System::nanoTime, Thread.ofVirtual().factory());
        folder.start(snapshots::add);
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    @Test
    void handsOverTheFirstSnapshotBeforeItReturns() {
        assertThat(snapshots).hasSize(1);
        assertThat(ids()).containsExactly("Namespace a");
    }

    @Test
    void noticesNewChangedAndRemovedFiles() throws IOException {
        write("b.json", "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"b\"}}");
        awaitIds("Namespace a", "Namespace b");
        write("a.yaml", namespace("a2"));
        awaitIds("Namespace a2", "Namespace b");
        Files.delete(root.resolve("b.json"));
        awaitIds("Namespace a2");
    }

    @Test
    void noticesAtomicRenameAndNewFolders() throws IOException {
        Path next = temp.resolve("next");
        Files.writeString(next, namespace("renamed"));
        Files.move(next, root.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
        awaitIds("Namespace renamed");

        Files.createDirectories(root.resolve("deep/er"));
        write("deep/er/c.yml", namespace("c"));
        awaitIds("Namespace renamed", "Namespace c");
        write("deep/er/c.yml", namespace("c2"));
        awaitIds("Namespace renamed", "Namespace c2");
    }

    @Test
    void leavesOutHiddenAndOtherFiles() throws IOException {
        write(".hidden.yaml", namespace("hidden"));
        write("notes.txt", namespace("notes"));
        Files.createDirectory(root.resolve("..data"));
        write("..data/d.yaml", namespace("data"));
        write("z.yaml", namespace("z"));
        awaitIds("Namespace a", "Namespace z");
    }

    @Test
    void keepsTheStateWhileTheFolderIsAwayAndGoesOnWhenItIsBack() throws IOException {
        Path away = temp.resolve("away");
        Files.move(root, away);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(last().problems())
                        .anySatisfy(p -> assertThat(p.message()).contains("folder cannot be read")));
        assertThat(ids()).containsExactly("Namespace a");

        Files.createDirectory(root);
        write("a.yaml", namespace("again"));
        awaitIds("Namespace again");
        assertThat(last().problems()).isEmpty();
        write("a.yaml", namespace("watched"));
        awaitIds("Namespace watched");
    }

    @Test
    void survivesTextThatIsNoText() throws IOException {
        Files.write(root.resolve("a.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(last().problems()).isNotEmpty());
        assertThat(ids()).containsExactly("Namespace a");
        assertThat(last().problems()).anySatisfy(p -> assertThat(p.message()).contains("not UTF-8"));
    }

    @Test
    void neverShowsHalfOfAFileThatIsWrittenInPieces() throws IOException {
        try (var out = Files.newOutputStream(root.resolve("a.yaml"))) {
            for (byte b : (namespace("first") + "---\n" + namespace("second"))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                out.write(b);
                out.flush();
            }
        }
        awaitIds("Namespace first", "Namespace second");
        assertThat(snapshots)
                .extracting(s -> s.objects().stream().map(ApiObject::id).toList())
                .doesNotContain(List.of());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }

    private static String namespace(String name) {
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n";
    }

    private SourceSnapshot last() {
        return snapshots.getLast();
    }

    private List<String> ids() {
        return last().objects().stream().map(ApiObject::id).toList();
    }

    private void awaitIds(String... ids) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(ids()).containsExactlyInAnyOrder(ids));
    }
}
