package io.tanja.model.manifest;

import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the problems of one object, and the lines of its fields. Written by the one thread that reads the object. */
final class ObjectReport {
    private final String file;
    private final String object;
    private final int line;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    ObjectReport(String file, String object, int line) {
        this.file = file;
        this.object = object;
        this.line = line;
    }

    void error(int atLine, String field, String message, String remedy) {
        problems.add(new Problem(Problem.Severity.ERROR, file, atLine, object, field, message, remedy));
    }

    void warning(int atLine, String field, String message, String remedy) {
        problems.add(new Problem(Problem.Severity.WARNING, file, atLine, object, field, message, remedy));
    }

    void seen(String field, int atLine) {
        lines.put(field, atLine);
    }

    /** Takes a problem that was found without knowledge of lines, and gives it that of the nearest field. */
    void add(Problem problem) {
        String path = problem.field();
        while (!path.isEmpty()) {
            Integer known = lines.get(path);
            if (known != null) {
                problems.add(problem.at(known));
                return;
            }
            path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
        }
        problems.add(problem.at(line));
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    List<Problem> problems() {
        return problems;
    }
}
