package io.tanja.install.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tanja.install.object.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose an object on the cluster is. */
sealed interface Ownership {
    /** There is none of that name. */
    record Absent() implements Ownership {}

    /** {@code tanja install} has put it there. */
    record Ours() implements Ownership {}

    /**
     * It must be left alone.
     *
     * @param by whose it is, for people
     */
    record Foreign(String by) implements Ownership {}

    /** Decides by the label of what is there. */
    static Ownership of(@Nullable HasMetadata present) {
        if (present == null) {
            return new Absent();
        }
        Map<String, String> labels = present.getMetadata().getLabels();
        String by = labels == null ? null : labels.get(Names.MANAGED_BY);
        if (Names.OURS.equals(by)) {
            return new Ours();
        }
        return new Foreign(by == null ? "nobody who says so" : by);
    }
}
