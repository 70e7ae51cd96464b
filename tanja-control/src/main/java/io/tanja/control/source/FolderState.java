package io.tanja.control.source;

import io.tanja.model.api.ApiObject;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.Quote;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a folder's files. No watching and no clock: it is shown listings, and asks for contents. Written by
 * the folder's one thread.
 */
final class FolderState {
    /** How long a file must be missing or empty before its objects are given up, in nanoseconds. */
    static final long CONFIRM_NANOS = 100_000_000L;

    /** Reads a file. */
    @FunctionalInterface
    interface Contents {
        /** @throws IOException if it cannot be read; {@link NoSuchFileException} if it is gone */
        String of(Path file) throws IOException;
    }

    /** Identifies an object. */
    private record Key(String kind, NamespacedName name) {}

    private final Path root;
    private final Contents contents;
    private final TreeMap<Path, ManifestFile> files = new TreeMap<>();
    private @Nullable Problem rootProblem;

    FolderState(Path root, Contents contents) {
        this.root = root;
        this.contents = contents;
    }

    /**
     * Takes what the folder holds now.
     *
     * @param touched files that are read even if their stamp says that nothing changed
     * @param now a monotonic time in nanoseconds
     */
    void update(FolderListing listing, Set<Path> touched, long now) {
        rootProblem = null;
        Set<Path> all = new TreeSet<>(files.keySet());
        all.addAll(listing.files().keySet());
        for (Path path : all) {
            ManifestFile known = files.getOrDefault(path, ManifestFile.unread(name(path)));
            FileStamp stamp = listing.files().get(path);
            ManifestFile next = stamp == null
                    ? gone(known, now)
                    : stamp.equals(known.stamp()) && !touched.contains(path) ? known : read(path, known, stamp, now);
            if (next == null) {
                files.remove(path);
            } else {
                files.put(path, next);
            }
        }
    }

    /** Takes that the folder itself cannot be read; all that was known stays in force. */
    void lost(String why) {
        rootProblem = new Problem(
                Problem.Severity.ERROR,
                Quote.printable(root.toString()),
                0,
                "",
                "",
                "the manifest folder cannot be read: " + Quote.printable(why),
                "put it back or make it readable; until then the last known state stays in force");
    }

    /** Whether a file seems to be gone, so that the folder must be looked at again soon. */
    boolean unsettled() {
        return files.values().stream().anyMatch(file -> file.gone() != null);
    }

    private ManifestFile read(Path path, ManifestFile known, FileStamp stamp, long now) {
        String text;
        try {
            text = contents.of(path);
        } catch (NoSuchFileException e) {
            ManifestFile next = gone(known, now);
            return next == null ? known.missing(now) : next;
        } catch (IOException | RuntimeException e) {
            return known.unreadable(Quote.printable(String.valueOf(e.getMessage())));
        }
        if (text.equals(known.text()) && known.gone() == null) {
            return known.stamp() == null
                    ? known.read(stamp, text, ManifestReader.read(known.name(), text))
                    : known.seen(stamp);
        }
        Manifest manifest = ManifestReader.read(known.name(), text);
        boolean emptied = !manifest.hasErrors()
                && manifest.objects().isEmpty()
                && !known.good().isEmpty();
        if (emptied && !confirmed(known, now)) {
            return known.missing(now);
        }
        return known.read(stamp, text, manifest);
    }

    private static @Nullable ManifestFile gone(ManifestFile known, long now) {
        return known.good().isEmpty() || confirmed(known, now) ? null : known.missing(now);
    }

    private static boolean confirmed(ManifestFile known, long now) {
        return known.gone() != null && now - known.gone() >= CONFIRM_NANOS;
    }

    private String name(Path path) {
        return Quote.printable(root.relativize(path).toString());
    }

    /** What the folder declares now. */
    SourceSnapshot snapshot() {
        List<ApiObject> objects = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        if (rootProblem != null) {
            problems.add(rootProblem);
        }
        Map<Key, ApiObject> first = new HashMap<>();
        for (ManifestFile file : files.values()) {
            problems.addAll(file.problems());
            if (file.gone() == null) {
                for (ApiObject object : file.good()) {
                    ApiObject other = first.putIfAbsent(new Key(object.kind(), object.name()), object);
                    if (other == null) {
                        objects.add(object);
                    } else {
                        problems.add(declaredTwice(object, other));
                    }
                }
            }
        }
        // A file that was renamed is there twice until its old name is given up.
        for (ManifestFile file : files.values()) {
            if (file.gone() != null) {
                for (ApiObject object : file.good()) {
                    if (first.putIfAbsent(new Key(object.kind(), object.name()), object) == null) {
                        objects.add(object);
                    }
                }
            }
        }
        return new SourceSnapshot(objects, problems, List.of());
    }

    private static Problem declaredTwice(ApiObject object, ApiObject other) {
        return new Problem(
                Problem.Severity.ERROR,
                object.origin().file(),
                object.origin().line(),
                object.id(),
                "",
                "is declared at " + other.origin() + " too, which stays in force",
                "remove one of the two");
    }
}
