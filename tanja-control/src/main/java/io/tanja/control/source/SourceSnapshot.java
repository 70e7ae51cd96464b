package io.tanja.control.source;

import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * All that a source declares at one moment.
 *
 * @param objects the objects in force; no two have the same kind, namespace and name
 * @param problems what is wrong with the source at this moment
 * @param declared the objects of the mesh's own kinds that can be given a status; none from a source without statuses
 */
public record SourceSnapshot(List<ApiObject> objects, List<Problem> problems, List<Declared> declared) {
    /** A source that declares nothing. */
    public static final SourceSnapshot EMPTY = new SourceSnapshot(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public SourceSnapshot {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
        declared = List.copyOf(declared);
    }
}
