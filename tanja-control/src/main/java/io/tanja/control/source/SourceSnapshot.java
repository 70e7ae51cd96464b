package io.tanja.control.source;

import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * All that a source declares at one moment.
 *
 * @param objects the objects in force; no two have the same kind, namespace and name
 * @param problems what is wrong with the source at this moment
 */
public record SourceSnapshot(List<ApiObject> objects, List<Problem> problems) {
    /** A source that declares nothing. */
    public static final SourceSnapshot EMPTY = new SourceSnapshot(List.of(), List.of());

    /** Copies the lists. */
    public SourceSnapshot {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }
}
