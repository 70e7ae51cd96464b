package io.tanja.model.manifest;

import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * What was read from one text.
 *
 * @param objects the sound objects, in the order of the text
 * @param problems what is wrong with the others, and warnings
 */
public record Manifest(List<ApiObject> objects, List<Problem> problems) {
    /** Copies the lists. */
    public Manifest {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** Whether any object was refused, or the text could not be read to its end. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
