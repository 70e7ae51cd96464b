package io.tanja.model.authz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path with <code>{*}</code> (one segment, not empty) and <code>{**}</code> (any text, once, after every
 * <code>{*}</code>). Follows the field {@code paths} of Istio's {@code authorization_policy.proto}; compared without
 * regular expressions. Immutable.
 */
public final class PathTemplate {
    private static final String ONE = "{*}";
    private static final String ANY = "{**}";

    /** Literal texts around the single-segment operators, in turn: text, operator, text, ... */
    private final List<String> literals;

    /** What follows <code>{**}</code>; null if the template has none and must match to its end. */
    private final @Nullable String suffix;

    private PathTemplate(List<String> literals, @Nullable String suffix) {
        this.literals = List.copyOf(literals);
        this.suffix = suffix;
    }

    /** Whether a value of {@code paths} is a template rather than a plain, prefix or suffix match. */
    public static boolean isTemplate(String value) {
        return value.contains(ONE) || value.contains(ANY);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if an operator is not a whole segment, braces or stars stand elsewhere, or
     *     something follows <code>{**}</code> that may not
     */
    public static PathTemplate parse(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("a path template must begin with /");
        }
        List<String> literals = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        boolean any = false;
        for (String segment : template.substring(1).split("/", -1)) {
            literal.append('/');
            boolean operator = segment.equals(ONE) || segment.equals(ANY);
            if (operator && any) {
                throw new IllegalArgumentException(ANY + " must be the last operator of a path template");
            } else if (operator) {
                literals.add(literal.toString());
                literal.setLength(0);
                any = segment.equals(ANY);
            } else if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0 || segment.indexOf('*') >= 0) {
                throw new IllegalArgumentException(
                        "in a path template, braces and stars may only stand in segments that are {*} or {**}");
            } else {
                literal.append(segment);
            }
        }
        if (any) {
            return new PathTemplate(literals, literal.toString());
        }
        literals.add(literal.toString());
        return new PathTemplate(literals, null);
    }

    /** Whether a normalised path fits. */
    public boolean matches(String path) {
        int at = 0;
        for (int i = 0; i < literals.size(); i++) {
            String literal = literals.get(i);
            if (i > 0) {
                int end = path.indexOf('/', at);
                end = end < 0 ? path.length() : end;
                if (end == at) {
                    return false;
                }
                at = end;
            }
            if (!path.startsWith(literal, at)) {
                return false;
            }
            at += literal.length();
        }
        return suffix == null ? at == path.length() : path.length() - at >= suffix.length() && path.endsWith(suffix);
    }
}
