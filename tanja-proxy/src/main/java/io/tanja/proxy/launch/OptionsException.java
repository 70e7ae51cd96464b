package io.tanja.proxy.launch;

import java.util.List;

/** What the process was told cannot be used. */
public final class OptionsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    OptionsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems, each with its flag and its remedy. */
    public List<String> problems() {
        return problems;
    }
}
