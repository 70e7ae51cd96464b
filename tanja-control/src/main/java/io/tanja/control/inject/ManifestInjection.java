package io.tanja.control.inject;

import io.tanja.model.validate.Problem;
import java.util.List;

/**
 * Manifests with sidecars in their pods.
 *
 * @param text YAML; what was not changed is there as it was written
 * @param problems what stands against it, or what authors should know; with an error the text must not be used
 */
public record ManifestInjection(String text, List<Problem> problems) {
    /** Copies the list. */
    public ManifestInjection {
        problems = List.copyOf(problems);
    }

    /** Whether a pod could not have its sidecar, or the text could not be read. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
