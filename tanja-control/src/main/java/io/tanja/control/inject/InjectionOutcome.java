package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Pod;
import io.tanja.model.validate.Problem;
import java.util.List;

/** What became of a pod that is to have a sidecar. */
public sealed interface InjectionOutcome {
    /**
     * It has one.
     *
     * @param pod the pod with its sidecar
     * @param warnings what its author should know
     */
    record Injected(Pod pod, List<Problem> warnings) implements InjectionOutcome {
        /** Copies the list. */
        public Injected {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * It cannot have one, and must not run without.
     *
     * @param problems why, at least one
     */
    record Refused(List<Problem> problems) implements InjectionOutcome {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
