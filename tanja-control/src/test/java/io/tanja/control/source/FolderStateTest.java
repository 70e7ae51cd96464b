package io.tanja.control.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FolderStateTest {
    private static final Path ROOT = Path.of("/manifests");
    private static final String NAMESPACE_A = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
    private static final String NAMESPACE_B = "apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n";
    private static final String BROKEN = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
            + "metadata: {name: default, namespace: a}\nspec: {mtls: {mode: STRIKT}}\n";

    private final Map<Path, String> disk = new HashMap<>();
    private final Map<Path, IOException> failures = new HashMap<>();
    private final FolderState state = new FolderState(ROOT, this::contents);
    private int reads;
    private long now;

    @Test
    void readsEveryFileOnceAndAgainOnlyWhenItsStampChanges() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        look();
        look();
        assertThat(reads).isEqualTo(1);

        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A + "---\n" + NAMESPACE_B);
        look();
        assertThat(reads).isEqualTo(2);
        assertThat(ids()).containsExactly("Namespace a", "Namespace b");
    }

    @Test
    void readsAFileThatWasNamedByAnEventAlthoughItsStampIsTheSame() {
        Path file = ROOT.resolve("a.yaml");
        disk.put(file, NAMESPACE_A);
        look();
        disk.put(file, NAMESPACE_B);
        state.update(listing(), Set.of(file), now);

        assertThat(ids()).containsExactly("Namespace b");
    }

    @Test
    void keepsAllObjectsOfAFileThatBreaksInOneDocument() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A + "---\n" + NAMESPACE_B);
        disk.put(ROOT.resolve("c.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: c}\n");
        look();

        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A + "---\n" + BROKEN);
        disk.put(ROOT.resolve("c.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: c2}\n");
        look();

        assertThat(ids())
                .as("a.yaml stays as a whole, c.yaml goes on")
                .containsExactly("Namespace a", "Namespace b", "Namespace c2");
        assertThat(errors()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("a.yaml");
            assertThat(problem.object()).isEqualTo("PeerAuthentication a/default");
            assertThat(problem.field()).isEqualTo("spec.mtls.mode");
            assertThat(problem.line()).isEqualTo(8);
            assertThat(problem.remedy()).isNotEmpty();
        });

        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_B);
        look();
        assertThat(ids()).containsExactly("Namespace b", "Namespace c2");
        assertThat(state.snapshot().problems()).isEmpty();
    }

    @Test
    void takesNothingFromAFileThatWasNeverSound() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A + "---\n" + BROKEN);
        look();

        assertThat(ids()).isEmpty();
        assertThat(state.snapshot().problems())
                .anySatisfy(p -> assertThat(p.message()).contains("never sound"));
    }

    @Test
    void givesUpARemovedFileOnlyAfterASecondLook() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        look();
        disk.clear();
        look();
        assertThat(ids()).as("an editor may be about to write it again").containsExactly("Namespace a");
        assertThat(state.unsettled()).isTrue();

        now += FolderState.CONFIRM_NANOS;
        look();
        assertThat(ids()).isEmpty();
        assertThat(state.unsettled()).isFalse();
    }

    @Test
    void doesNotBelieveAnEmptiedFileAtOnce() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        look();
        disk.put(ROOT.resolve("a.yaml"), "");
        look();
        assertThat(ids()).containsExactly("Namespace a");

        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_B);
        look();
        assertThat(ids()).containsExactly("Namespace b");
        assertThat(state.unsettled()).isFalse();

        disk.put(ROOT.resolve("a.yaml"), "# nothing\n");
        look();
        now += FolderState.CONFIRM_NANOS;
        look();
        assertThat(ids()).isEmpty();
    }

    @Test
    void keepsTheObjectsOfARenamedFileWithoutCallingThemDeclaredTwice() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        look();
        disk.clear();
        disk.put(ROOT.resolve("z.yaml"), NAMESPACE_A);
        look();
        assertThat(ids()).containsExactly("Namespace a");
        assertThat(state.snapshot().problems()).isEmpty();

        now += FolderState.CONFIRM_NANOS;
        look();
        assertThat(ids()).containsExactly("Namespace a");
        assertThat(state.snapshot().objects().getFirst().origin().file()).isEqualTo("z.yaml");
    }

    @Test
    void namesAnObjectThatIsDeclaredTwice() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        disk.put(ROOT.resolve("sub/b.yaml"), NAMESPACE_A);
        look();

        assertThat(state.snapshot().objects())
                .singleElement()
                .satisfies(o -> assertThat(o.origin().file()).isEqualTo("a.yaml"));
        assertThat(errors()).singleElement().satisfies(p -> {
            assertThat(p.file()).isEqualTo("sub/b.yaml");
            assertThat(p.message()).contains("a.yaml:1");
        });
    }

    @Test
    void keepsTheObjectsOfAFileThatCannotBeRead() {
        Path file = ROOT.resolve("a.yaml");
        disk.put(file, NAMESPACE_A);
        look();
        failures.put(file, new IOException("Permission denied"));
        disk.put(file, NAMESPACE_A + " ");
        look();
        assertThat(ids()).containsExactly("Namespace a");
        assertThat(errors())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("Permission denied"));

        failures.clear();
        look();
        assertThat(errors()).isEmpty();
        assertThat(ids()).containsExactly("Namespace a");
    }

    @Test
    void treatsAFileThatVanishesBetweenListingAndReadingAsGone() {
        Path file = ROOT.resolve("a.yaml");
        disk.put(file, NAMESPACE_A);
        look();
        failures.put(file, new NoSuchFileException(file.toString()));
        disk.put(file, NAMESPACE_B + " ");
        look();

        assertThat(ids()).containsExactly("Namespace a");
        assertThat(errors()).isEmpty();
        assertThat(state.unsettled()).isTrue();
    }

    @Test
    void keepsEverythingWhileTheFolderIsLost() {
        disk.put(ROOT.resolve("a.yaml"), NAMESPACE_A);
        look();
        state.lost("NoSuchFileException /manifests");
        assertThat(ids()).containsExactly("Namespace a");
        assertThat(errors()).singleElement().satisfies(p -> {
            assertThat(p.file()).isEqualTo("/manifests");
            assertThat(p.remedy()).contains("last known state");
        });

        look();
        assertThat(state.snapshot().problems()).isEmpty();
    }

    private void look() {
        state.update(listing(), Set.of(), now);
    }

    private FolderListing listing() {
        TreeMap<Path, FileStamp> files = new TreeMap<>();
        disk.forEach((path, text) -> files.put(path, new FileStamp("1", text.length(), FileTime.fromMillis(0))));
        return new FolderListing(new TreeMap<>(Map.of(ROOT, "1")), files);
    }

    private String contents(Path file) throws IOException {
        reads++;
        IOException failure = failures.get(file);
        if (failure != null) {
            throw failure;
        }
        return String.valueOf(disk.get(file));
    }

    private List<String> ids() {
        return state.snapshot().objects().stream().map(ApiObject::id).toList();
    }

    private List<Problem> errors() {
        return state.snapshot().problems().stream().filter(Problem::isError).toList();
    }
}
