package io.tanja.model.authz;

import java.util.List;

/**
 * One rule: any of {@code from}, and any of {@code to}, and all of {@code when}. An empty list does not restrict.
 *
 * @param from sources, alternatives
 * @param to operations, alternatives
 * @param when conditions, all of them
 */
public record Rule(List<Source> from, List<Operation> to, List<Condition> when) {
    /** Copies the lists. */
    public Rule {
        from = List.copyOf(from);
        to = List.copyOf(to);
        when = List.copyOf(when);
    }
}
