package io.tanja.control;

import java.util.List;
import java.util.stream.Collectors;

/** The control plane cannot start; holds all reasons at once. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** @param problems at least one */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
