package io.tanja.control.source.kubernetes;

import io.tanja.model.api.ApiObject;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one object of the API.
 *
 * @param uid which object it is; another one may have had the same name before
 * @param generation which of its contents; 0 for kinds whose status is not ours
 * @param good its last sound content; null if it never was sound
 * @param problems what is wrong with its present content
 */
record Known(String uid, long generation, @Nullable ApiObject good, List<Problem> problems) {
    Known {
        problems = List.copyOf(problems);
    }

    /** The object after its present content was read; {@code before} is what was known under its name until now. */
    static Known of(String uid, long generation, Manifest read, @Nullable Known before) {
        if (!read.hasErrors()) {
            return new Known(
                    uid,
                    generation,
                    read.objects().isEmpty() ? null : read.objects().getFirst(),
                    read.problems());
        }
        ApiObject good = before != null && before.uid.equals(uid) ? before.good : null;
        Problem first = read.problems().getFirst();
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.add(new Problem(
                Problem.Severity.WARNING,
                first.file(),
                0,
                first.object(),
                "",
                good == null
                        ? "is not in force, it was never sound since the control plane started"
                        : "its last good content stays in force",
                "correct the errors of this object"));
        return new Known(uid, generation, good, problems);
    }
}
