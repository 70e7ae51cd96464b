package io.tanja.control.source;

import io.tanja.model.api.ApiObject;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one file.
 *
 * @param name its path below the folder, as problems tell it
 * @param stamp its stamp when it was last read, null if it must be read again
 * @param text its content when it was last read; null if it never was
 * @param good the objects of the last content that was sound as a whole
 * @param problems what is wrong with the present content
 * @param gone since when it is missing or empty, in nanoseconds, null if it is there: not believed at once, because
 *     editors remove or empty a file for a moment before they write it
 */
record ManifestFile(
        String name,
        @Nullable FileStamp stamp,
        @Nullable String text,
        List<ApiObject> good,
        List<Problem> problems,
        @Nullable Long gone) {
    ManifestFile {
        good = List.copyOf(good);
        problems = List.copyOf(problems);
    }

    /** A file that was not read yet. */
    static ManifestFile unread(String name) {
        return new ManifestFile(name, null, null, List.of(), List.of(), null);
    }

    /** The same content under another stamp. */
    ManifestFile seen(FileStamp now) {
        return new ManifestFile(name, now, text, good, problems, null);
    }

    /** The file after its content was read and judged. */
    ManifestFile read(FileStamp now, String newText, Manifest manifest) {
        if (!manifest.hasErrors()) {
            return new ManifestFile(name, now, newText, manifest.objects(), manifest.problems(), null);
        }
        List<Problem> all = new ArrayList<>(manifest.problems());
        all.add(new Problem(
                Problem.Severity.WARNING,
                name,
                0,
                "",
                "",
                good.isEmpty()
                        ? "none of the file's objects is in force, it was never sound as a whole"
                        : "the file's last good objects stay in force: " + good.size(),
                "correct the errors of this file"));
        return new ManifestFile(name, now, newText, good, all, null);
    }

    /** The file while it cannot be read. */
    ManifestFile unreadable(String why) {
        Problem problem = new Problem(
                Problem.Severity.ERROR,
                name,
                0,
                "",
                "",
                "cannot be read: " + why,
                "make it readable for the control plane, or remove it; its last good objects stay in force");
        return new ManifestFile(name, null, text, good, List.of(problem), null);
    }

    /** The file while it seems to be missing or empty. */
    ManifestFile missing(long now) {
        return new ManifestFile(name, null, text, good, problems, gone == null ? Long.valueOf(now) : gone);
    }
}
